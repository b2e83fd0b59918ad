using System.Globalization;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>The table of ARCHITECTURE.md, reply × head of the queue and part of its answer → action. What has no place in it ends the session.</summary>
internal sealed class MySqlReplyTable(MySqlLedger ledger, MySqlSessionFacts facts, SessionRecorder recorder, OutdatedAnswers outdated)
{
    /// <summary>MAX_FIELDS of the server's unireg.h.</summary>
    private const int ColumnsMax = 4096;

    private readonly ResultColumns _columns = new();
    private PendingReply? _current;

    /// <summary>Why the session ends by what the server sent; names a packet, never its content.</summary>
    public string? Violation { get; private set; }

    /// <summary>What is sent next answers the statement at the head.</summary>
    public void Attribute(Outbound toClient) => recorder.Attribute(CurrentHead()?.Judgement, toClient);

    /// <summary>The reply has been dealt with, and what it has the client get is among what is sent.</summary>
    public void Conclude(Outbound toClient) => recorder.Conclude(toClient);

    /// <summary>Whether a packet that begins so ends rows: an EOF is short, and an OK in its place is no packet of the longest, as a row that begins with 0xFE would be.</summary>
    public static bool IsEndOfRows(byte first, int length, bool deprecatesEof) => first switch
    {
        ReplyCode.Eof => deprecatesEof ? length < MySqlFraming.PayloadMax : length < LengthEncoded.BytesMax,
        ReplyCode.Error => true,
        _ => false,
    };

    /// <summary>The head, if the next packet is a row of it.</summary>
    public PendingReply? RowsOf(byte first, int length) =>
        CurrentHead() is { Phase: ReplyPhase.Rows } head && !IsEndOfRows(first, length, facts.DeprecatesEof) ? head : null;

    public void CountRow(PendingReply head, int length, Outbound toClient)
    {
        head.Rows++;
        head.Bytes += length;
        recorder.CountRow(head.Rows, toClient);
    }

    /// <summary>
    /// Whether the packet that begins an answer has to wait for a newer catalogue, because its names may mean something else by now; afterwards the judgement is
    /// one of that. Names have been resolved before this packet is sent: what is changed later is not in the answer. An OK shows no values.
    /// </summary>
    public bool AwaitsCatalogue(byte first)
    {
        if (CurrentHead() is not { Kind: PendingKind.Query or PendingKind.Execute, Phase: ReplyPhase.Header, Judgement: { ChangesShared: false } judgement } head || first is ReplyCode.Ok)
            return false;
        var mustWait = outdated.MustWait(ref judgement, hasUnknownColumns: false);
        head.Judgement = judgement;
        return mustWait;
    }

    /// <summary>Takes the number of the packet that begins here, and puts that in its place which the client expects.</summary>
    public bool TryNextSequence(Span<byte> header)
    {
        if (CurrentHead() is not { } head || head.Sequence != header[MySqlFraming.SequenceOffset]) return false;
        header[MySqlFraming.SequenceOffset] = head.ClientSequence;
        head.Sequence++;
        return true;
    }

    /// <summary>A packet was taken that the client does not get: the one in its place has its number.</summary>
    public void PutBack()
    {
        using var scope = ledger.Gate.EnterScope();
        if (ledger.Pending.Head is { } head) head.Sequence--;
    }

    public SessionEnd Take(in ReplyFrame frame, Outbound toClient)
    {
        // All definitions but the last change nothing that the other relay looks at.
        if (CurrentHead() is { Phase: ReplyPhase.Parameters or ReplyPhase.Columns, Definitions: > 1 } defined) return TakeDefinition(defined, frame, toClient);
        using var scope = ledger.Gate.EnterScope();
        if (ledger.Pending.Head is not { } head) return Violate("a packet that nobody asked for");
        return head.Phase switch
        {
            ReplyPhase.Header => TakeHeader(head, frame, toClient),
            ReplyPhase.Parameters or ReplyPhase.Columns => TakeDefinition(head, frame, toClient),
            ReplyPhase.ParametersEnd or ReplyPhase.ColumnsEnd => TakeDefinitionsEnd(head, frame, toClient),
            ReplyPhase.Rows => TakeRowsEnd(head, frame, toClient),
            _ => Violate("a packet in no part of an answer"),
        };
    }

    private SessionEnd TakeHeader(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        switch (frame.First, head.Kind)
        {
            case (ReplyCode.Error, PendingKind.Setup):
                return LoseTrack("what the session's texts are read by could not be set again");
            case (ReplyCode.Error, _):
                return TakeError(head, frame, toClient);
            case (ReplyCode.Ok, PendingKind.Prepare or PendingKind.Probe):
                return TakePrepared(head, frame, toClient);
            case (ReplyCode.Ok, PendingKind.Simple or PendingKind.Reset or PendingKind.Setup or PendingKind.Query or PendingKind.Execute):
                return TakeOk(head, frame, toClient);
            case (ReplyCode.LocalInfile, _):
                return Violate("the server asks for a file of the client's");
            case (_, PendingKind.Query or PendingKind.Execute):
                return TakeResult(head, frame, toClient);
            default:
                return Violate(frame.First, head);
        }
    }

    /// <summary>A result begins with the number of its columns.</summary>
    private SessionEnd TakeResult(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        if (!LengthEncoded.TryRead(frame.Payload, out var count, out var size) || size != frame.Payload.Length || count is 0 or > ColumnsMax)
            return Violate("malformed number of columns");
        head.Columns = head.Definitions = (int)count;
        head.Shape = null;
        head.Phase = ReplyPhase.Columns;
        _columns.Begin();
        toClient.Forward(frame.Start, frame.Length);
        return SessionEnd.None;
    }

    private SessionEnd TakeDefinition(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        if (!ColumnDefinition.IsWellFormed(frame.Payload)) return Violate("malformed column definition");
        if (head.Phase is ReplyPhase.Columns && head.Kind is PendingKind.Query or PendingKind.Execute) _columns.Add(frame.Payload);
        if (head.Kind is not PendingKind.Probe) toClient.Forward(frame.Start, frame.Length);
        if (--head.Definitions > 0) return SessionEnd.None;
        if (!facts.DeprecatesEof)
        {
            head.Phase = head.Phase is ReplyPhase.Parameters ? ReplyPhase.ParametersEnd : ReplyPhase.ColumnsEnd;
            return SessionEnd.None;
        }

        return EndDefinitions(head, toClient);
    }

    private SessionEnd TakeDefinitionsEnd(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        // An execution with a cursor makes its rows before it says that there is one, and may fail at that.
        if (frame.First is ReplyCode.Error) return TakeError(head, frame, toClient);
        if (!EofPacket.TryDecode(frame.Payload, out var status)) return Violate("an EOF was expected");
        ledger.Status = status;
        if (head.Kind is not PendingKind.Probe) AnswerEnds.ShowEof(frame, head, toClient);
        if (head.Phase is ReplyPhase.ColumnsEnd && head.Kind is PendingKind.Execute && status.HasFlag(ServerStatus.CursorExists))
        {
            if (!TryPlan(head)) return Violate("malformed column definition");
            return OpenCursor(head, status, toClient);
        }

        return EndDefinitions(head, toClient);
    }

    private SessionEnd EndDefinitions(PendingReply head, Outbound toClient)
    {
        switch (head.Kind, head.Phase)
        {
            case (PendingKind.Prepare or PendingKind.Probe, ReplyPhase.Parameters or ReplyPhase.ParametersEnd) when head.Columns > 0:
                head.Definitions = head.Columns;
                head.Phase = ReplyPhase.Columns;
                return SessionEnd.None;
            case (PendingKind.Prepare or PendingKind.Probe, _):
                return EndPrepare(head, toClient);
            default:
                if (!TryPlan(head)) return Violate("malformed column definition");
                head.Phase = ReplyPhase.Rows;
                return SessionEnd.None;
        }
    }

    private bool TryPlan(PendingReply head)
    {
        var isPlanned = _columns.TryPlan(head.Judgement, head.Results, head.Columns, head.IsBinary, out var shape);
        head.Shape = shape;
        return isPlanned;
    }

    private SessionEnd TakePrepared(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        if (!PrepareOk.TryDecode(frame.Payload, out var prepared)) return Violate("malformed COM_STMT_PREPARE_OK");
        if (head.Statement is { } statement)
        {
            statement.Id = prepared.Id;
            statement.Parameters = prepared.Parameters;
            toClient.Forward(frame.Start, frame.Length);
        }
        else
        {
            ledger.Statements.Unneeded.Add(prepared.Id);
        }

        head.Columns = prepared.Columns;
        head.Definitions = prepared.Parameters > 0 ? prepared.Parameters : prepared.Columns;
        head.Phase = prepared.Parameters > 0 ? ReplyPhase.Parameters : ReplyPhase.Columns;
        return head.Definitions > 0 ? SessionEnd.None : EndPrepare(head, toClient);
    }

    private SessionEnd EndPrepare(PendingReply head, Outbound toClient)
    {
        if (head.Statement is { } statement)
        {
            ledger.Statements.Define(statement);
            recorder.Append(AnswerFacts.Answered(head, 0), OutcomeStatus.Completed, "PREPARE"u8, default);
        }
        else
        {
            AnswerEnds.Give(head, toClient);
        }

        return Settle(toClient);
    }

    private SessionEnd TakeOk(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        if (!OkPacket.TryDecode(frame.Payload, facts.TracksSession, out var ok)) return Violate("malformed OK");
        if (Follow(ok) is not SessionEnd.None and var lost) return lost;
        switch (head.Kind)
        {
            case PendingKind.Setup:
                return Settle(toClient);
            case PendingKind.Reset:
                ledger.Statements.Clear();
                ledger.Relations.Reset(recorder.Now());
                ledger.HasTouchedPhi = false;
                break;
            case PendingKind.Query or PendingKind.Execute:
                AnswerEnds.Show(frame, head, ok, facts.TracksSession, toClient);
                return EndResult(head, ok.Status, ok.AffectedRows, toClient);
            default:
                break;
        }

        toClient.Forward(frame.Start, frame.Length);
        return Settle(toClient);
    }

    private SessionEnd TakeRowsEnd(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        if (frame.First is ReplyCode.Error) return TakeError(head, frame, toClient);
        ServerStatus status;
        if (facts.DeprecatesEof)
        {
            if (!OkPacket.TryDecode(frame.Payload, facts.TracksSession, out var ok)) return Violate("malformed OK");
            if (Follow(ok) is not SessionEnd.None and var lost) return lost;
            status = ok.Status;
            AnswerEnds.Show(frame, head, ok, facts.TracksSession, toClient);
        }
        else
        {
            if (!EofPacket.TryDecode(frame.Payload, out status)) return Violate("malformed EOF");
            ledger.Status = status;
            AnswerEnds.ShowEof(frame, head, toClient);
        }

        if (head.Kind is PendingKind.Fetch) return EndFetch(head, status, toClient);
        if (head.Kind is PendingKind.Execute && status.HasFlag(ServerStatus.CursorExists)) return OpenCursor(head, status, toClient);
        return EndResult(head, status, head.Rows, toClient);
    }

    /// <summary>An answer has come to the end of one result; a procedure may have more.</summary>
    private SessionEnd EndResult(PendingReply head, ServerStatus status, long rows, Outbound toClient)
    {
        if (status.HasFlag(ServerStatus.MoreResults))
        {
            head.Results++;
            head.Phase = ReplyPhase.Header;
            return SessionEnd.None;
        }

        if (head.Judgement is { } judgement)
        {
            for (var i = 0; i < judgement.Analysis.Statements.Length; i++)
            {
                ledger.Relations.Apply(judgement, i, recorder.Now());
                ApplyNames(judgement, judgement.Analysis.Statements[i], i);
            }

            recorder.Progressed(judgement);
            recorder.Append(AnswerFacts.Answered(head, rows), OutcomeStatus.Completed, default, default);
        }

        ledger.HasTouchedPhi = AnswerFacts.TouchesPhi(head);
        if (head.Statement is { } statement)
        {
            statement.Executing--;
            statement.Cursor = null;
        }

        return Settle(toClient);
    }

    private void ApplyNames(Judgement judgement, StatementReading reading, int statement)
    {
        // PREPARE holds any statement here, and EXECUTE may run those that change nothing of what later texts mean.
        if (reading is { Kind: StatementKind.Prepare, ObjectName: { } prepared })
            ledger.Statements.Define(prepared, judgement.AssessmentOf(statement) with { IsQuery = reading.PreparesQuery });
        else if (reading is { Kind: StatementKind.Deallocate, ObjectName: { } dropped }) ledger.Statements.Drop(dropped);
        else if (reading is { Kind: StatementKind.UseDatabase, ObjectName: { } database }) ledger.Relations.Use(database);
    }

    private SessionEnd OpenCursor(PendingReply head, ServerStatus status, Outbound toClient)
    {
        if (status.HasFlag(ServerStatus.MoreResults) || head.Rows > 0) return Violate("a cursor among several results");
        head.Statement!.Cursor = new CursorRows(head.Judgement, head.Shape!, head.Record);
        head.Statement.Executing--;
        ledger.HasTouchedPhi = AnswerFacts.TouchesPhi(head);
        recorder.Append(AnswerFacts.Answered(head, 0), OutcomeStatus.Suspended, default, default);
        return Settle(toClient);
    }

    private SessionEnd EndFetch(PendingReply head, ServerStatus status, Outbound toClient)
    {
        var isLast = status.HasFlag(ServerStatus.LastRowSent);
        recorder.Append(AnswerFacts.Answered(head, head.Rows), isLast ? OutcomeStatus.Completed : OutcomeStatus.Suspended, default, default);
        head.Statement!.Executing--;
        return Settle(toClient);
    }

    private SessionEnd TakeError(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        if (!ErrorPacket.TryDecode(frame.Payload, out var error)) return Violate("malformed ERR");
        head.HasFailed = true;
        if (head.Kind is PendingKind.Probe && IsAboutPreparing(error.Number)) AnswerEnds.Give(head, toClient);
        else MySqlErrors.Forward(frame, error, head.Judgement, toClient);
        if (head.Record != 0) recorder.Append(AnswerFacts.Answered(head, head.Rows), OutcomeStatus.Failed, default, error.SqlState);
        if (head.Judgement is not null) ledger.HasTouchedPhi = AnswerFacts.TouchesPhi(head);
        if (head.Kind is PendingKind.Prepare) ledger.Statements.Last = null; // As the server does.
        if (head.Kind is PendingKind.Query or PendingKind.Execute) ledger.StatementFailed();
        if (head is { Kind: PendingKind.Query, Judgement.Analysis.Statements: [{ Kind: StatementKind.Prepare, ObjectName: { } name }] })
            ledger.Statements.Drop(name); // The server drops what had the name before it reads the new text.
        if (head is { Statement: { } statement, Kind: PendingKind.Execute or PendingKind.Fetch })
        {
            statement.Executing--;
            if (head.Kind is PendingKind.Execute) statement.Cursor = null;
        }

        return Settle(toClient);
    }

    /// <summary>ER_UNSUPPORTED_PS: it says something about our asking, not about the text.</summary>
    private static bool IsAboutPreparing(ushort number) => number is 1295;

    /// <summary>What an OK says about the session: a setting under which texts would be read differently ends it.</summary>
    private SessionEnd Follow(in OkPacket ok)
    {
        ledger.Status = ok.Status;
        var changes = new SessionChanges(ok.Changes);
        while (changes.MoveNext())
            if (changes.Name is "character_set_client" && !(facts.IsUtf8 ? changes.Value.StartsWith("utf8", StringComparison.Ordinal) : changes.Value is "latin1" or "ascii" or "utf8mb3" or "utf8mb4"))
                return LoseTrack("character_set_client has a value now under which texts would be read differently");
        return changes.IsWellFormed ? SessionEnd.None : Violate("malformed session state in an OK");
    }

    /// <summary>The connection ended before the reply came: it may have run. Under the ledger's gate.</summary>
    public void Unknown(PendingReply reply)
    {
        if (reply is { Record: not 0, Kind: PendingKind.Query or PendingKind.Execute })
            recorder.Append(AnswerFacts.Answered(reply, reply.Rows), OutcomeStatus.Unknown, default, default);
    }

    /// <summary>Gives every answer of our own whose turn it is.</summary>
    public void AnswerLocally(Outbound toClient)
    {
        if (_current is { Kind: not PendingKind.Local }) return; // The server's turn goes on.
        using var scope = ledger.Gate.EnterScope();
        AnswerLocallyLocked(toClient);
    }

    private void AnswerLocallyLocked(Outbound toClient)
    {
        while (ledger.Pending.Head is { Kind: PendingKind.Local } local)
        {
            AnswerEnds.Give(local, toClient);
            SettleHead();
        }
    }

    private SessionEnd Settle(Outbound toClient)
    {
        // What the client gets next must not go where the rest of a cut answer goes.
        var isCut = ledger.Pending.Head is { IsCut: true };
        SettleHead();
        if (!isCut) AnswerLocallyLocked(toClient);
        return SessionEnd.None;
    }

    private void SettleHead()
    {
        _current = null;
        ledger.Settle();
    }

    /// <summary>Only this relay moves the head, and its slot stays where it is: a row need not take the lock to find it.</summary>
    public PendingReply? CurrentHead()
    {
        if (_current is not null) return _current;
        using var scope = ledger.Gate.EnterScope();
        return _current = ledger.Pending.Head;
    }

    /// <summary>How the session is to end, now that nothing is under way; None while it may go on.</summary>
    public SessionEnd EndWhenIdle()
    {
        if (ledger.Ending is SessionEnd.None) return SessionEnd.None;
        using var scope = ledger.Gate.EnterScope();
        return ledger.Pending.Count == 0 && (ledger.TakesNoMore || ledger.IsIdle) ? ledger.Ending : SessionEnd.None;
    }

    public SessionEnd Violate(string what)
    {
        Violation = what;
        return SessionEnd.ServerViolation;
    }

    private SessionEnd Violate(byte first, PendingReply head) =>
        Violate(string.Create(CultureInfo.InvariantCulture, $"a packet that begins with 0x{first:x2} was not expected: {head}"));

    /// <summary>The server kept to the protocol, but statements mean something else to it now than they would to the analysis.</summary>
    private SessionEnd LoseTrack(string why)
    {
        Violation = why;
        return SessionEnd.StateUncertain;
    }
}
