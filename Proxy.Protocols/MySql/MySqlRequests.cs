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
    private readonly RequestPackets _packets = new(limits.MessageBytesMax);
    private readonly LedgerNames _names = new(ledger);
    private readonly MySqlStatementRequests _statements = new(ledger, judge, recorder, limits, gate);
    private readonly BudgetGate _budget = new(judge.Budget);
    private StatementAnalysis? _awaited;
    private byte[]? _awaitedText;
    private bool _wakesReplies;

    /// <summary>Why the session ends for the client's fault; names the command, never its content.</summary>
    public string? Violation { get; private set; }

    /// <summary>The numbers of its packets do not count on: the answer has a number of its own.</summary>
    public bool IsOutOfOrder { get; private set; }

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
            if (wait is RequestWait.Analysis or RequestWait.Replies) return Step(position, wait);
            position = frame.Start + frame.Length;
            _packets.Taken();
            if (wait is RequestWait.End)
                return new RequestStep(
                    position, wait, _wakesReplies, Violation is null ? SessionEnd.ClientTerminated : SessionEnd.ClientViolation);
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
                Expect(PendingKind.Simple, frame);
                toServer.Forward(frame.Start, frame.Length);
                return RequestWait.Bytes;
            case CommandCode.InitDb:
                return TakeInitDb(frame, toServer);
            case CommandCode.ResetConnection when frame.Body.IsEmpty:
                return TakeResetConnection(frame, toServer);
            case CommandCode.SetOption:
                return TakeSetOption(frame);
            case CommandCode.Quit:
                HasTerminated = true;
                toServer.Forward(frame.Start, frame.Length);
                return RequestWait.End;
            case CommandCode.ChangeUser:
                return Refuse(Refusals.StatementKind.Because("COM_CHANGE_USER: a session keeps its identity; connect anew"), frame);
            default:
                return Refuse(Refusals.StatementKind.Because($"command 0x{frame.Command:x2}"), frame);
        }
    }

    private RequestWait TakeQuery(in RequestFrame frame, Outbound toServer)
    {
        var text = frame.Body;
        if (KillCommand.TryParse(text, out var kill)) return TakeKill(kill, frame, toServer);
        if (!facts.CanRead(text)) return Refuse(Refusals.NotText.Because("only ASCII can be read in this session's character set"), frame);
        var began = recorder.Now();
        if (MustAwaitReplies()) return RequestWait.Replies;
        if (!TryAnalyse(text, out var analysis)) return RequestWait.Analysis;
        switch (gate?.OfText(analysis) ?? RequestVerdict.Pass)
        {
            case RequestVerdict.Spent:
                return Spend(frame);
            case RequestVerdict.AwaitReplies:
                return RequestWait.Replies;
            default:
                break;
        }

        if (IsWarningsOfPhi(analysis)) return AnswerNoWarnings(frame);
        var judgement = judge.Judge(analysis, _names);
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
            var entry = ledger.Expect(PendingKind.Query, frame.LastSequence, ChangesReading(judgement));
            entry.Judgement = judgement;
            entry.Record = intent;
            entry.StartedAt = recorder.Now();
            gate?.Forwarded(analysis);
        }

        toServer.Forward(frame.Start, frame.Length);
        return RequestWait.Bytes;
    }

    private RequestWait TakePrepare(in RequestFrame frame, Outbound toServer)
    {
        var text = frame.Body;
        if (!facts.CanRead(text)) return Refuse(Refusals.NotText.Because("only ASCII can be read in this session's character set"), frame);
        if (MustAwaitReplies()) return RequestWait.Replies;
        if (!TryAnalyse(text, out var analysis)) return RequestWait.Analysis;
        var judgement = judge.Judge(analysis, _names);
        if (!recorder.TryIntent(judgement, text, isParse: true, name: default, out var intent))
            return Refuse(Refusals.JournalUnavailable.Because("no room"), frame);
        if (!MayRun(judgement, analysis, out var refusal))
        {
            recorder.Refused(intent, Decision.Refused(refusal, judgement.Decision.Risk, judgement.PolicyVersion));
            return analysis.Status is AnalysisStatus.SyntaxError || judgement.AsksServer ? Probe(refusal, judgement, text, frame, toServer) : Refuse(refusal, frame);
        }

        return Continue(_statements.Prepare(frame, analysis, judgement, intent, toServer));
    }

    /// <summary>Whether the text may go on, or why not. Several statements in one text never do: neither side has asked for that capability at the server.</summary>
    private bool MayRun(Judgement judgement, StatementAnalysis analysis, out Refusal refusal)
    {
        foreach (var reading in analysis.Statements)
            if (NamesAnotherDatabase(reading))
            {
                refusal = Refusals.SettingNotAllowed.Because("the session was admitted to one database");
                return false;
            }

        if (analysis.Statements.Length > 1)
        {
            refusal = Refusals.MultiStatementRefused.Because($"{analysis.Statements.Length} statements in one text");
            return false;
        }

        refusal = judgement.Decision.IsForwarded ? null! : judgement.Decision.Refusal ?? Refusals.InternalFault.Because("a decision without a reason");
        return judgement.Decision.IsForwarded;
    }

    private bool NamesAnotherDatabase(StatementReading reading)
    {
        if (reading.Kind is StatementKind.UseDatabase && reading.ObjectName != facts.Database) return true;
        foreach (var setting in reading.Settings)
            if (setting is { IsChanged: true, Name: "database" } && setting.Value != facts.Database)
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
            var entry = ledger.Expect(PendingKind.Probe, frame.LastSequence);
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

        toServer.Insert(new PacketWriter().Begin(frame.LastSequence).Byte(CommandCode.StatementPrepare).Bytes(text).End().ToArray());
        return RequestWait.Bytes;
    }

    /// <summary>The database that the session was admitted to is the only one; a client may name it as it did when it signed in.</summary>
    private RequestWait TakeInitDb(in RequestFrame frame, Outbound toServer)
    {
        if (!facts.IsDatabase(frame.Body)) return Refuse(Refusals.SettingNotAllowed.Because("the session was admitted to one database"), frame);
        Expect(PendingKind.Simple, frame);
        toServer.Insert(new PacketWriter().Begin(frame.LastSequence).Byte(CommandCode.InitDb).Bytes(Encoding.UTF8.GetBytes(facts.Database)).End().ToArray());
        return RequestWait.Bytes;
    }

    /// <summary>What the rules impose and what texts are read by is set anew right behind it: to the server a session begins again with its own defaults.</summary>
    private RequestWait TakeResetConnection(in RequestFrame frame, Outbound toServer)
    {
        using (ledger.Gate.EnterScope())
        {
            ledger.Expect(PendingKind.Reset, frame.LastSequence, changesReading: true);
            ledger.Expect(PendingKind.Setup, 0, changesReading: true);
        }

        toServer.Forward(frame.Start, frame.Length);
        toServer.Insert(new PacketWriter().Begin(0).Byte(CommandCode.Query).Bytes(facts.SetupText).End().ToArray());
        return RequestWait.Bytes;
    }

    /// <summary>Several statements in one text are a matter between the client and us; the server is never told.</summary>
    private RequestWait TakeSetOption(in RequestFrame frame)
    {
        if (frame.Body is not [0 or 1, 0]) return Refuse(Refusals.ProtocolViolation.Because("an unknown option"), frame);
        using (ledger.Gate.EnterScope())
            return AnswerLocked(facts.EndOfResult((byte)(frame.LastSequence + 1), ledger.Status), frame);
    }

    private RequestWait TakeKill(KillCommand kill, in RequestFrame frame, Outbound toServer)
    {
        if (!facts.Threads.TryFind(kill.ThreadId, facts.Principal, facts.Target, out var thread, out var session))
            return Answer(ErrorPacket.Encode((byte)(frame.LastSequence + 1), 1094, "HY000", $"Unknown thread id: {kill.ThreadId}"), frame);
        if (!recorder.TryCancelled(session)) return Refuse(Refusals.JournalUnavailable.Because("no room"), frame);
        Expect(PendingKind.Simple, frame);
        gate?.Forwarded();
        toServer.Insert(new PacketWriter().Begin(frame.LastSequence).Byte(CommandCode.Query)
            .Bytes(Encoding.ASCII.GetBytes(kill.TextFor(thread))).End().ToArray());
        return RequestWait.Bytes;
    }

    /// <summary>The session's own warnings hold values of what it touched last: drivers that ask are told that there are none, as the counts say already.</summary>
    private bool IsWarningsOfPhi(StatementAnalysis analysis)
    {
        if (analysis.Statements is not [{ Kind: StatementKind.Show, ObjectName: "warnings" or "errors" }]) return false;
        using var scope = ledger.Gate.EnterScope();
        return ledger.HasTouchedPhi;
    }

    private RequestWait AnswerNoWarnings(in RequestFrame frame)
    {
        using var scope = ledger.Gate.EnterScope();
        return AnswerLocked(facts.NoWarnings((byte)(frame.LastSequence + 1), ledger.Status), frame);
    }

    private static bool ChangesReading(Judgement judgement) =>
        SessionRelations.MayChange(judgement)
        || judgement.Analysis.Statements is [{ Kind: StatementKind.Prepare or StatementKind.Deallocate or StatementKind.SetSetting }];

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

    private PendingReply Expect(PendingKind kind, in RequestFrame frame)
    {
        using var scope = ledger.Gate.EnterScope();
        return ledger.Expect(kind, frame.LastSequence);
    }

    private RequestWait RefuseOversized(in RequestFrame frame)
    {
        var refusal = Refusals.StatementTooLong.Because($"a command is over {limits.MessageBytesMax} bytes");
        if (_packets.Command is CommandCode.StatementSendLongData) return Continue(_statements.RefuseLongData(_packets.Head));
        return CommandCode.HasNoReply(_packets.Command) ? RequestWait.Bytes : Refuse(refusal, frame);
    }

    private RequestWait Refuse(Refusal refusal, in RequestFrame frame)
    {
        recorder.Count(refusal);
        if (!frame.Payload.IsEmpty && CommandCode.HasNoReply(frame.Command)) return RequestWait.Bytes;
        return Answer(MySqlRefusal.Error(refusal, (byte)(frame.LastSequence + 1)), frame);
    }

    private RequestWait Answer(byte[] answer, in RequestFrame frame)
    {
        using var scope = ledger.Gate.EnterScope();
        return AnswerLocked(answer, frame);
    }

    private RequestWait AnswerLocked(byte[] answer, in RequestFrame frame)
    {
        ledger.Expect(PendingKind.Local, frame.LastSequence).Answer = answer;
        _wakesReplies = true;
        return RequestWait.Bytes;
    }

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
        return AnswerLocked(MySqlRefusal.Error(OneRequestGate.Spent, (byte)(frame.LastSequence + 1)), frame);
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
