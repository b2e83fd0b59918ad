using System.Buffers.Binary;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// The commands of prepared statements. A text is decided on when it is prepared, and again at each execution if policy or catalogue moved on in between.
/// A number that the ledger does not know never reaches the server: there it may be another's statement by now.
/// </summary>
internal sealed class MySqlStatementRequests(MySqlLedger ledger, IStatementJudge judge, SessionRecorder recorder, Limits limits, OneRequestGate? gate)
{
    /// <summary>What MariaDB's drivers write for the statement prepared last.</summary>
    private const uint LastPrepared = uint.MaxValue;

    private const string ExecuteName = "mysqld_stmt_execute";
    private const string FetchName = "mysqld_stmt_fetch";
    private const string ResetName = "mysqld_stmt_reset";

    private readonly LedgerNames _names = new(ledger);
    private readonly BoundValues _values = new();
    private readonly BoundValuesReview _review = new();
    private readonly ExecutionBudget _budget = new(judge.Budget);

    /// <summary>The text has been judged and recorded, and may be prepared.</summary>
    public RequestOutcome Prepare(in RequestFrame frame, StatementAnalysis analysis, Judgement judgement, long intent, Outbound toServer)
    {
        using var scope = ledger.Gate.EnterScope();
        if (ledger.Statements.Count + ledger.Pending.Count >= limits.PreparedStatementsMax)
        {
            recorder.Skipped(intent);
            return Refuse(Refusals.TooManyStatements.Because($"over {limits.PreparedStatementsMax} prepared statements"), frame);
        }

        var entry = ledger.Expect(PendingKind.Prepare, frame);
        entry.Judgement = judgement;
        entry.Record = intent;
        entry.StartedAt = recorder.Now();
        entry.Statement = new PreparedStatement { Analysis = analysis, Judgement = judgement, Intent = intent, Database = ledger.Relations.Current.DefaultSchema };
        toServer.Forward(frame.Start, frame.Length);
        return RequestOutcome.Done;
    }

    public RequestOutcome TakeExecute(in RequestFrame frame, Outbound toServer)
    {
        if (!TryFind(frame.Body, out var statement, out var id, out var waits)) return waits ? RequestOutcome.AwaitReplies : Unknown(id, ExecuteName, frame);
        using (ledger.Gate.EnterScope())
        {
            if (ledger.AwaitsReading) return RequestOutcome.AwaitReplies;
            if (IsOfAnotherDatabase(statement!)) return Refuse(PreparedElsewhere, frame);
        }

        switch (gate?.OfText(statement!.Analysis, toServer) ?? RequestVerdict.Pass)
        {
            case RequestVerdict.Spent:
                return RequestOutcome.Spent;
            case RequestVerdict.AwaitReplies:
                return RequestOutcome.AwaitReplies;
            default:
                break;
        }

        var parameters = statement!.Parameters;
        if (parameters > limits.ParametersMax)
            return RefuseLocking(Refusals.TooManyParameters.Because($"{parameters}, the limit is {limits.ParametersMax}"), frame);
        if (!StatementExecute.TryDecode(frame.Body, parameters, out var execute)) return WrongArguments(frame);
        if (statement.LongData is { IsOverLimit: true })
        {
            statement.LongData = null;
            return RefuseLocking(Refusals.StatementTooLong.Because($"values in pieces are over {limits.MessageBytesMax} bytes"), frame);
        }

        var types = execute.Types.IsEmpty ? statement.ParameterTypes : execute.Types;
        if (!_values.TryCollect(execute, types, parameters, statement.LongData)) return WrongArguments(frame);
        var began = recorder.Now();
        var judgement = JudgementOf(statement);
        var refusal = judgement.Decision.IsForwarded ? _review.Review(judgement, _values.Written)
            : judgement.Decision.Refusal ?? Refusals.InternalFault.Because("a decision without a reason");
        if (refusal is null && !_review.Forwarded.IsEmpty && !IsOnePacket(frame, parameters))
            refusal = Refusals.StatementTooLong.Because("values in the place of tokens would take another number of packets");
        if (refusal is null) refusal = _budget.Admit(judgement, _values.Written);
        if (!recorder.TryExecution(judgement, statement.Intent, default, _values.Written, _review.Forwarded, default, out var execution))
            return RefuseLocking(Refusals.JournalUnavailable.Because("no room"), frame);
        recorder.Decided(began);
        if (refusal is not null)
        {
            recorder.Refused(execution, Decision.Refused(refusal, judgement.Decision.Risk, judgement.PolicyVersion));
            Forget(statement);
            return RefuseLocking(refusal, frame);
        }

        using (ledger.Gate.EnterScope())
        {
            var entry = ledger.Expect(PendingKind.Execute, frame, SessionRelations.MayChange(judgement));
            ledger.Runs(entry, judgement);
            entry.Statement = statement;
            entry.Record = execution;
            entry.StartedAt = recorder.Now();
            statement.Executing++;
            gate?.Forwarded(statement.Analysis);
        }

        if (!execute.Types.IsEmpty) statement.ParameterTypes = execute.Types.ToArray();
        Forward(frame, statement, execute, types, toServer);
        Forget(statement);
        return RequestOutcome.Done;
    }

    public RequestOutcome TakeFetch(in RequestFrame frame, Outbound toServer)
    {
        if (frame.Body.Length != 2 * sizeof(uint)) return WrongArguments(frame, FetchName);
        if (!TryFind(frame.Body, out var statement, out var id, out var waits)) return waits ? RequestOutcome.AwaitReplies : Unknown(id, FetchName, frame);
        using var scope = ledger.Gate.EnterScope();
        if (statement!.Executing > 0 || ledger.AwaitsReading) return RequestOutcome.AwaitReplies;
        if (IsOfAnotherDatabase(statement)) return Refuse(PreparedElsewhere, frame);
        if (statement.Cursor is not { } cursor) return Answer(MySqlRefusal.NoCursor(id, (byte)(frame.LastSequence + 1)), frame);
        var judgement = JudgementOf(statement);
        if (!judgement.Decision.IsForwarded)
        {
            recorder.Refused(cursor.Record, judgement.Decision);
            return Refuse(judgement.Decision.Refusal ?? Refusals.InternalFault.Because("a decision without a reason"), frame);
        }

        if (!ReferenceEquals(cursor.Judgement, judgement)) statement.Cursor = cursor.Under(judgement);
        var entry = ledger.Expect(PendingKind.Fetch, frame);
        entry.Phase = ReplyPhase.Rows;
        entry.Judgement = judgement;
        entry.Statement = statement;
        entry.Record = statement.Cursor.Record;
        entry.StartedAt = recorder.Now();
        statement.Executing++;
        ForwardWithId(frame, statement, toServer);
        return RequestOutcome.Done;
    }

    public RequestOutcome TakeReset(in RequestFrame frame, Outbound toServer)
    {
        if (frame.Body.Length != sizeof(uint)) return WrongArguments(frame, ResetName);
        if (!TryFind(frame.Body, out var statement, out var id, out var waits)) return waits ? RequestOutcome.AwaitReplies : Unknown(id, ResetName, frame);
        using var scope = ledger.Gate.EnterScope();
        if (statement!.Executing > 0) return RequestOutcome.AwaitReplies;
        statement.LongData = null;
        statement.Cursor = null;
        ledger.Expect(PendingKind.Simple, frame);
        ForwardWithId(frame, statement, toServer);
        return RequestOutcome.Done;
    }

    /// <summary>Has no reply: of a statement that is not known it means nothing.</summary>
    public RequestOutcome TakeClose(in RequestFrame frame, Outbound toServer)
    {
        if (frame.Body.Length != sizeof(uint)) return RequestOutcome.Done;
        if (!TryFind(frame.Body, out var statement, out _, out var waits)) return waits ? RequestOutcome.AwaitReplies : RequestOutcome.Done;
        using var scope = ledger.Gate.EnterScope();
        ledger.Statements.Drop(statement!);
        ForwardWithId(frame, statement!, toServer);
        return RequestOutcome.Done;
    }

    /// <summary>Has no reply either. The piece is kept until the execution that it belongs to has been decided on.</summary>
    public RequestOutcome TakeLongData(in RequestFrame frame)
    {
        const int header = sizeof(uint) + sizeof(ushort);
        if (frame.Body.Length < header) return RequestOutcome.Done;
        if (!TryFind(frame.Body, out var statement, out _, out var waits)) return waits ? RequestOutcome.AwaitReplies : RequestOutcome.Done;
        var parameter = BinaryPrimitives.ReadUInt16LittleEndian(frame.Body[sizeof(uint)..]);
        if (parameter < statement!.Parameters)
            (statement.LongData ??= new LongData()).Append(parameter, frame.Body[header..], limits.MessageBytesMax);
        return RequestOutcome.Done;
    }

    /// <summary>A piece over the limit: the execution is refused.</summary>
    public RequestOutcome RefuseLongData(ReadOnlySpan<byte> head)
    {
        if (TryFind(head, out var statement, out _, out var waits)) (statement!.LongData ??= new LongData()).Append(0, head, -1);
        return waits ? RequestOutcome.AwaitReplies : RequestOutcome.Done;
    }

    private bool TryFind(ReadOnlySpan<byte> body, out PreparedStatement? statement, out uint id, out bool waits)
    {
        statement = null;
        id = 0;
        waits = false;
        if (body.Length < sizeof(uint)) return false;
        id = BinaryPrimitives.ReadUInt32LittleEndian(body);
        using var scope = ledger.Gate.EnterScope();
        // Which one was prepared last, and whether a number is known, depends on replies under way.
        waits = ledger.IsPreparing;
        if (waits) return false;
        statement = id == LastPrepared ? ledger.Statements.Last : ledger.Statements.Find(id);
        return statement is not null;
    }

    /// <summary>Its names would be judged by another database than the server takes them from.</summary>
    private bool IsOfAnotherDatabase(PreparedStatement statement) =>
        !string.Equals(statement.Database, ledger.Relations.Current.DefaultSchema, StringComparison.Ordinal);

    private static Refusal PreparedElsewhere => Refusals.SettingNotAllowed.Because("the statement was prepared in another database");

    private Judgement JudgementOf(PreparedStatement statement) =>
        judge.IsCurrent(statement.Judgement, _names) ? statement.Judgement : statement.Judgement = judge.Judge(statement.Analysis, _names);

    private void Forward(in RequestFrame frame, PreparedStatement statement, in StatementExecute execute, ReadOnlySpan<byte> types, Outbound toServer)
    {
        if (statement.LongData is { } pieces)
            foreach (var parameter in pieces.Parameters)
            {
                pieces.TryGet(parameter, out var value);
                SendPieces(statement.Id, parameter, value, toServer);
            }

        if (_review.Forwarded.IsEmpty) ForwardWithId(frame, statement, toServer);
        else toServer.Insert(_review.Packet(frame.LastSequence, statement, execute, types));
        _review.Clear();
    }

    /// <summary>Whether a command that came in one packet is one with other values, too: the server's answer is numbered on from the last.</summary>
    private bool IsOnePacket(in RequestFrame frame, int parameters) =>
        frame.LastSequence == 0 && _review.Forwarded.Length + (parameters * LengthEncoded.BytesMax) + MySqlFraming.HeaderLength < MySqlFraming.PayloadMax / 2;

    private static void SendPieces(uint id, int parameter, ReadOnlySpan<byte> value, Outbound toServer)
    {
        const int pieceMax = 1 << 20;
        do
        {
            var piece = value[..Math.Min(value.Length, pieceMax)];
            toServer.Insert(new PacketWriter().Begin(0).Byte(CommandCode.StatementSendLongData).UInt32(id).UInt16(parameter).Bytes(piece).End().ToArray());
            value = value[piece.Length..];
        }
        while (!value.IsEmpty);
    }

    /// <summary>As it came, but for the number that stands for whatever the server prepared last; in as many packets.</summary>
    private static void ForwardWithId(in RequestFrame frame, PreparedStatement statement, Outbound toServer)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(frame.Body) == statement.Id)
        {
            toServer.Forward(frame.Start, frame.Length);
            return;
        }

        toServer.Insert(new PacketWriter().Begin(0).Byte(frame.Command).UInt32(statement.Id).Bytes(frame.Body[sizeof(uint)..]).End().ToArray());
    }

    /// <summary>What came in pieces was for one execution, and what was bound is not kept.</summary>
    private void Forget(PreparedStatement statement)
    {
        statement.LongData = null;
        _values.Clear();
        _review.Clear();
    }

    private RequestOutcome Unknown(uint id, string command, in RequestFrame frame) =>
        AnswerLocking(MySqlRefusal.UnknownStatement(id, command, (byte)(frame.LastSequence + 1)), frame);

    private RequestOutcome WrongArguments(in RequestFrame frame, string command = ExecuteName) =>
        AnswerLocking(MySqlRefusal.WrongArguments(command, (byte)(frame.LastSequence + 1)), frame);

    private RequestOutcome RefuseLocking(Refusal refusal, in RequestFrame frame)
    {
        using var scope = ledger.Gate.EnterScope();
        return Refuse(refusal, frame);
    }

    private RequestOutcome Refuse(Refusal refusal, in RequestFrame frame)
    {
        recorder.Count(refusal);
        return Answer(MySqlRefusal.Error(refusal, (byte)(frame.LastSequence + 1)), frame);
    }

    private RequestOutcome AnswerLocking(byte[] answer, in RequestFrame frame)
    {
        using var scope = ledger.Gate.EnterScope();
        return Answer(answer, frame);
    }

    private RequestOutcome Answer(byte[] answer, in RequestFrame frame)
    {
        ledger.Expect(PendingKind.Local, frame).Answer = answer;
        return RequestOutcome.DoneLocally;
    }
}
