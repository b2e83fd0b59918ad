using System.Text;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// The client's half of a MySQL session: what each command means, and whether the server gets it. Synchronous; owned by the request relay.
/// A command that has no case here is refused.
/// </summary>
internal sealed class MySqlRequests(
    MySqlLedger ledger, MySqlSessionFacts facts, ISqlFrontEnd frontEnd, IStatementJudge judge, SessionRecorder recorder, Limits limits, OneRequestGate? gate = null)
{
    /// <summary>NAME_LEN of the server's mysql_com.h: 64 characters of up to four bytes.</summary>
    private const int DatabaseNameBytesMax = 256;

    private readonly RequestPackets _packets = new(limits.MessageBytesMax);
    private readonly LedgerNames _names = new(ledger);
    private readonly MySqlStatementRequests _statements = new(ledger, judge, recorder, limits, gate);
    private readonly MySqlSessionRequests _session = new(ledger, facts, recorder, gate);
    private readonly LocalAnswers _answers = new(ledger, recorder);
    private readonly BudgetGate _budget = new(judge.Budget);
    private readonly NameDoubt _doubt = new();
    private StatementAnalysis? _awaited;
    private byte[]? _awaitedText;
    private bool _wakesReplies;
    private StatementBatch? _batch;

    /// <summary>Why the session ends for the client's fault; names the command, never its content.</summary>
    public string? Violation { get; private set; }

    /// <summary>The numbers of its packets do not count on: the answer has a number of its own.</summary>
    public bool IsOutOfOrder { get; private set; }

    /// <summary>The client wants to be somebody else: the session has ended for that.</summary>
    public ChangeUser? ChangeUser => _session.ChangeUser;

    /// <summary>The client said goodbye: however the session ends now, there is nobody to tell.</summary>
    public bool HasTerminated { get; private set; }

    public RequestStep Take(Memory<byte> received, Outbound toServer)
    {
        var position = 0;
        _wakesReplies = false;
        while (true)
        {
            if (ledger.TakesNoMore) return TakeNoMore(position);
            switch (_packets.TryRead(received, position, out var frame, out var skipped))
            {
                case FrameStatus.Malformed:
                    IsOutOfOrder = true;
                    return Violate(position, "packets are out of order");
                case FrameStatus.Incomplete:
                    return Step(position + skipped, RequestWait.Bytes);
                default:
                    break;
            }

            if (_packets.IsOverLimit) position = frame.Start; // What was read past is done with, whatever becomes of the refusal.
            if (ledger.Pending.IsFull) return Step(position, RequestWait.Replies);
            var wait = _packets.IsOverLimit ? RefuseOversized(frame) : Take(frame, toServer);
            if (wait is RequestWait.Analysis or RequestWait.Catalogue or RequestWait.Replies) return Step(position, wait);
            position = frame.Start + frame.Length;
            _packets.Taken();
            if (wait is RequestWait.End) return new RequestStep(position, wait, _wakesReplies, _session.ChangeUser is null ? SessionEnd.ClientTerminated : SessionEnd.UserChanged);
        }
    }

    /// <summary>Reads the text that <c>Take</c> stopped at, on a thread with a big stack.</summary>
    public async Task AnalyseAsync(CancellationToken cancellationToken) =>
        _awaited = await frontEnd.AnalyseAsync(_awaitedText, cancellationToken);

    private RequestWait Take(in RequestFrame frame, Outbound toServer)
    {
        if (frame.Payload.IsEmpty) return Refuse(Refusals.ProtocolViolation.Because("an empty command packet"), frame);
        CloseUnneeded(toServer);
        if (gate?.OfCommand(frame.Command) is RequestVerdict.Spent) return Spend(frame);
        switch (frame.Command)
        {
            case CommandCode.Query:
                return TakeQuery(frame, toServer);
            case CommandCode.StatementPrepare:
                return TakePrepare(frame, toServer);
            case CommandCode.StatementExecute:
                return _statements.TakeExecute(frame, toServer) is { IsSpent: false } executed ? Continue(executed) : Spend(frame);
            case CommandCode.StatementFetch:
                return Continue(_statements.TakeFetch(frame, toServer));
            case CommandCode.StatementSendLongData:
                return Continue(_statements.TakeLongData(frame));
            case CommandCode.StatementReset:
                return Continue(_statements.TakeReset(frame, toServer));
            case CommandCode.StatementClose:
                return Continue(_statements.TakeClose(frame, toServer));
            case CommandCode.Ping when frame.Body.IsEmpty:
                return Continue(_session.TakePing(frame, toServer));
            case CommandCode.InitDb:
                return TakeInitDb(frame, toServer);
            case CommandCode.ResetConnection when frame.Body.IsEmpty:
                return Continue(_session.TakeReset(frame, toServer));
            case CommandCode.SetOption:
                return Continue(_session.TakeSetOption(frame));
            case CommandCode.Quit:
                HasTerminated = true;
                toServer.Forward(frame.Start, frame.Length);
                return RequestWait.End;
            case CommandCode.ChangeUser:
                return Continue(_session.TakeChangeUser(frame, toServer));
            default:
                return Refuse(Refusals.StatementKind.Because($"command 0x{frame.Command:x2}"), frame);
        }
    }

    private RequestWait TakeQuery(in RequestFrame frame, Outbound toServer) => _batch is null ? TakeText(frame, frame.Body, toServer) : TakePart(_batch, toServer);

    /// <summary>
    /// The next statement of a text of several, once the one before has been answered; behind an error there is no next one. The frame stays where it is until
    /// all have been taken.
    /// </summary>
    private RequestWait TakePart(StatementBatch batch, Outbound toServer)
    {
        BatchState state;
        using (ledger.Gate.EnterScope())
        {
            if (ledger.Pending.Count > 0) return RequestWait.Replies;
            state = ledger.Batch ?? default;
            if (state.HasFailed || batch.IsAtEnd)
            {
                ledger.Batch = null;
                _batch = null;
                return RequestWait.Bytes;
            }

            ledger.Batch = state;
        }

        var part = batch.Current(state.LastSequence);
        var wait = TakeText(part, part.Body, toServer);
        if (wait is not RequestWait.Bytes) return wait;
        batch.MoveNext();
        return RequestWait.Replies;
    }

    /// <param name="frame">COM_QUERY, or COM_INIT_DB, which is USE.</param>
    /// <param name="text">What it says.</param>
    /// <param name="toServer">Gets it.</param>
    private RequestWait TakeText(in RequestFrame frame, ReadOnlySpan<byte> text, Outbound toServer)
    {
        if (KillCommand.TryParse(text, out var kill)) return gate is { MayKill: false } ? Spend(frame) : Continue(_session.TakeKill(kill, frame, toServer));
        if (!facts.CanRead(text)) return Refuse(Refusals.NotText.Because("only ASCII can be read in this session's character set"), frame);
        var began = recorder.Now();
        if (MustAwaitReplies()) return RequestWait.Replies;
        if (!TryAnalyse(text, out var analysis)) return RequestWait.Analysis;
        switch (gate?.OfText(analysis, toServer) ?? RequestVerdict.Pass)
        {
            case RequestVerdict.Spent:
                return Spend(frame);
            case RequestVerdict.AwaitReplies:
                return RequestWait.Replies;
            default:
                break;
        }

        if (_session.TakesSeveralStatements && !frame.IsPart && frame.Length < MySqlFraming.PayloadMax && StatementBatch.Of(text, analysis) is { } batch)
            return TakePart(_batch = batch, toServer);
        if (_session.TryAnswerWarnings(analysis, frame)) return Continue(RequestOutcome.DoneLocally);
        var judgement = judge.Judge(analysis, _names);
        if (_doubt.MustWait(judgement)) return RequestWait.Catalogue;
        var isRecorded = recorder.TryIntent(judgement, text, isParse: false, name: default, out var intent);
        recorder.Decided(began);
        if (!isRecorded) return Refuse(Refusals.JournalUnavailable.Because("no room"), frame);
        if (!MayRun(judgement, analysis, out var refusal))
        {
            recorder.Refused(intent, Decision.Refused(refusal, judgement.Decision.Risk, judgement.PolicyVersion));
            return analysis.Status is AnalysisStatus.SyntaxError || judgement.AsksServer ? Probe(refusal, judgement, text, frame, toServer) : Refuse(refusal, frame);
        }

        if (_budget.Admit(judgement) is { } spent)
        {
            recorder.Refused(intent, judgement.Decision with { Verdict = Verdict.Refuse, Refusal = spent });
            return Refuse(spent, frame);
        }

        using (ledger.Gate.EnterScope())
        {
            var entry = ledger.Expect(PendingKind.Query, frame, ChangesReading(judgement));
            ledger.Runs(entry, judgement);
            entry.Record = intent;
            entry.StartedAt = recorder.Now();
            gate?.Forwarded(analysis);
        }

        if (frame.Packet.IsEmpty) toServer.Forward(frame.Start, frame.Length);
        else toServer.Insert(frame.Packet);
        return RequestWait.Bytes;
    }

    private RequestWait TakePrepare(in RequestFrame frame, Outbound toServer)
    {
        var text = frame.Body;
        if (!facts.CanRead(text)) return Refuse(Refusals.NotText.Because("only ASCII can be read in this session's character set"), frame);
        if (MustAwaitReplies()) return RequestWait.Replies;
        if (!TryAnalyse(text, out var analysis)) return RequestWait.Analysis;
        var judgement = judge.Judge(analysis, _names);
        if (_doubt.MustWait(judgement)) return RequestWait.Catalogue;
        if (!recorder.TryIntent(judgement, text, isParse: true, name: default, out var intent))
            return Refuse(Refusals.JournalUnavailable.Because("no room"), frame);
        if (!MayRun(judgement, analysis, out var refusal))
        {
            recorder.Refused(intent, Decision.Refused(refusal, judgement.Decision.Risk, judgement.PolicyVersion));
            return analysis.Status is AnalysisStatus.SyntaxError || judgement.AsksServer ? Probe(refusal, judgement, text, frame, toServer) : Refuse(refusal, frame);
        }

        return Continue(_statements.Prepare(frame, analysis, judgement, intent, toServer));
    }

    /// <summary>Whether the text may go on, or why not. Several statements in one text never do: the server is never asked for that capability.</summary>
    private bool MayRun(Judgement judgement, StatementAnalysis analysis, out Refusal refusal)
    {
        refusal = analysis.Statements.Length > 1 ? Refusals.MultiStatementRefused.Because($"{analysis.Statements.Length} statements in one text")
            : ReadsOtherwiseAfter(analysis) ? Refusals.SettingNotAllowed.Because("the server's sql_mode changes how texts are read, so that it must stay as it is")
            : judgement.Decision.IsForwarded ? null!
            : judgement.Decision.Refusal ?? Refusals.InternalFault.Because("a decision without a reason");
        return refusal is null;
    }

    /// <summary>
    /// Whether texts would be read otherwise behind this one. Policy allows only modes that change nothing about that, but to set these is to leave out those
    /// that the session began with, and by which its reader reads.
    /// </summary>
    private bool ReadsOtherwiseAfter(StatementAnalysis analysis)
    {
        if (!facts.HasReadingModes) return false;
        foreach (var reading in analysis.Statements)
            foreach (var setting in reading.Settings)
                if (setting is { IsChanged: true, IsAddition: false, Name: "sql_mode" })
                    return true;
        return false;
    }

    /// <summary>
    /// Our grammar rejects the text, or our catalogue its names; the server's opinion, in its own words, is what the client should read. So the server is asked to
    /// prepare it, which runs nothing; should it accept, the refusal is the answer all the same.
    /// </summary>
    private RequestWait Probe(Refusal refusal, Judgement judgement, ReadOnlySpan<byte> text, in RequestFrame frame, Outbound toServer)
    {
        recorder.Count(refusal);
        using (ledger.Gate.EnterScope())
        {
            var entry = ledger.Expect(PendingKind.Probe, frame);
            entry.Judgement = judgement;
            entry.Answer = MySqlRefusal.Error(refusal, (byte)(frame.LastSequence + 1));
            if (frame.Length >= MySqlFraming.PayloadMax)
            {
                // Nobody sends 16 MiB to read a syntax error.
                entry.Kind = PendingKind.Local;
                _wakesReplies = true;
                return RequestWait.Bytes;
            }
        }

        toServer.Insert(new PacketWriter().Begin(frame.ServerSequence).Byte(CommandCode.StatementPrepare).Bytes(text).End().ToArray());
        return RequestWait.Bytes;
    }

    /// <summary>
    /// To the database that the session was admitted to, which a client may name as it did when it signed in. Every other one is judged and recorded as USE.
    /// </summary>
    private RequestWait TakeInitDb(in RequestFrame frame, Outbound toServer)
    {
        if (frame.Body.Length > DatabaseNameBytesMax) return Refuse(Refusals.SettingNotAllowed.Because("no database has such a name"), frame);
        var name = facts.IsDatabase(frame.Body) ? facts.Database : Encoding.UTF8.GetString(frame.Body);
        var packet = new PacketWriter().Begin(0).Byte(CommandCode.InitDb).Bytes(Encoding.UTF8.GetBytes(name)).End().ToArray();
        return TakeText(frame.As(packet), Encoding.UTF8.GetBytes($"USE `{name.Replace("`", "``", StringComparison.Ordinal)}`"), toServer);
    }

    private static bool ChangesReading(Judgement judgement) =>
        SessionRelations.MayChange(judgement)
        || judgement.Analysis.Statements is [{ Kind: StatementKind.Prepare or StatementKind.Deallocate or StatementKind.SetSetting or StatementKind.UseDatabase }];

    private bool MustAwaitReplies()
    {
        using var scope = ledger.Gate.EnterScope();
        return ledger.AwaitsReading;
    }

    private void CloseUnneeded(Outbound toServer)
    {
        using var scope = ledger.Gate.EnterScope();
        if (ledger.Statements.Unneeded is not { Count: > 0 } unneeded) return;
        foreach (var id in unneeded)
            toServer.Insert(new PacketWriter().Begin(0).Byte(CommandCode.StatementClose).UInt32(id).End().ToArray());
        unneeded.Clear();
    }

    private RequestWait RefuseOversized(in RequestFrame frame)
    {
        var refusal = Refusals.StatementTooLong.Because($"a command is over {limits.MessageBytesMax} bytes");
        if (_packets.Command is CommandCode.StatementSendLongData) return Continue(_statements.RefuseLongData(_packets.Head));
        return CommandCode.HasNoReply(_packets.Command) ? RequestWait.Bytes : Refuse(refusal, frame);
    }

    private RequestWait Refuse(Refusal refusal, in RequestFrame frame) => Continue(_answers.Refuse(refusal, frame));

    private bool TryAnalyse(ReadOnlySpan<byte> text, out StatementAnalysis analysis)
    {
        var awaited = _awaited is not null && text.SequenceEqual(_awaitedText) ? _awaited : null;
        _awaited = null;
        _awaitedText = null;
        if (awaited is not null)
        {
            analysis = awaited;
            return true;
        }

        if (frontEnd.TryAnalyse(text, out analysis)) return true;
        _awaitedText = text.ToArray(); // The frame stays where it is, but a span cannot wait.
        return false;
    }

    /// <summary>A second request where one was due: it is answered in its turn, what was asked before it first, and the session ends.</summary>
    private RequestWait Spend(in RequestFrame frame)
    {
        using var scope = ledger.Gate.EnterScope();
        if (ledger.Ending is SessionEnd.None) ledger.Ending = SessionEnd.Spent;
        ledger.TakesNoMore = true;
        return Continue(_answers.Give(MySqlRefusal.Error(OneRequestGate.Spent, (byte)(frame.LastSequence + 1)), frame));
    }

    private RequestStep TakeNoMore(int position)
    {
        using var scope = ledger.Gate.EnterScope();
        return ledger.Pending.Count > 0
            ? Step(position, RequestWait.Replies)
            : new RequestStep(position, RequestWait.End, _wakesReplies, ledger.Ending);
    }

    private RequestWait Continue(RequestOutcome outcome)
    {
        _wakesReplies |= outcome.WakesReplies;
        return outcome.Wait;
    }

    private RequestStep Step(int consumed, RequestWait wait) => new(consumed, wait, _wakesReplies, SessionEnd.None);

    private RequestStep Violate(int consumed, string violation)
    {
        Violation = violation;
        return new RequestStep(consumed, RequestWait.End, _wakesReplies, SessionEnd.ClientViolation);
    }
}
