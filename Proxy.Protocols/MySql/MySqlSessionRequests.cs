using System.Text;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>Commands about the session itself, and what is answered without asking the server. Owned by the request relay.</summary>
internal sealed class MySqlSessionRequests(MySqlLedger ledger, MySqlSessionFacts facts, SessionRecorder recorder, OneRequestGate? gate)
{
    private readonly LocalAnswers _answers = new(ledger, recorder);

    /// <summary>Whether a text may hold more than one statement.</summary>
    public bool TakesSeveralStatements { get; private set; } = facts is { TakesSeveralStatements: true, MayTakeSeveralStatements: true };

    /// <summary>Whom the client wants to be, once it has said so.</summary>
    public ChangeUser? ChangeUser { get; private set; }

    public RequestOutcome TakePing(in RequestFrame frame, Outbound toServer)
    {
        Expect(frame);
        toServer.Forward(frame.Start, frame.Length);
        return RequestOutcome.Done;
    }

    /// <summary>COM_RESET_CONNECTION. What the rules impose and what texts are read by is set anew right behind it: to the server a session begins again with its own defaults.</summary>
    public RequestOutcome TakeReset(in RequestFrame frame, Outbound toServer)
    {
        using (ledger.Gate.EnterScope())
        {
            ledger.Expect(PendingKind.Reset, frame, changesReading: true);
            ledger.Expect(PendingKind.Setup, changesReading: true);
        }

        toServer.Forward(frame.Start, frame.Length);
        toServer.Insert(new PacketWriter().Begin(0).Byte(CommandCode.Query).Bytes(facts.SetupText).End().ToArray());
        return RequestOutcome.Done;
    }

    /// <summary>
    /// Who somebody else is, is found out as at the beginning of a connection, by the same code: this session ends when everything has been answered, with its
    /// connection to the server.
    /// </summary>
    public RequestOutcome TakeChangeUser(in RequestFrame frame, Outbound toServer)
    {
        if (!ChangeUser.TryDecode(frame.Body, out var command)) return _answers.Refuse(Refusals.ProtocolViolation.Because("malformed COM_CHANGE_USER"), frame);
        using (ledger.Gate.EnterScope())
            if (ledger.Pending.Count > 0) return RequestOutcome.AwaitReplies;
        ChangeUser = command;
        toServer.Insert(new PacketWriter().Begin(0).Byte(CommandCode.Quit).End().ToArray());
        return RequestOutcome.EndsSession;
    }

    /// <summary>Several statements in one text are a matter between the client and us; the server is never told.</summary>
    public RequestOutcome TakeSetOption(in RequestFrame frame)
    {
        const byte on = 0;
        const byte off = 1;
        if (frame.Body is not [on or off, 0]) return _answers.Refuse(Refusals.ProtocolViolation.Because("an unknown option"), frame);
        if (frame.Body[0] is on && !facts.MayTakeSeveralStatements)
            return _answers.Refuse(Refusals.MultiStatementRefused.Because("the rules allow one statement in a text"), frame);
        TakesSeveralStatements = frame.Body[0] is on;
        using var scope = ledger.Gate.EnterScope();
        return _answers.Give(facts.EndOfResult((byte)(frame.LastSequence + 1), ledger.Status), frame);
    }

    public RequestOutcome TakeKill(KillCommand kill, in RequestFrame frame, Outbound toServer)
    {
        if (!facts.Threads.TryFind(kill.ThreadId, facts.Principal, facts.Target, out var thread, out var session))
            return _answers.Give(ErrorPacket.Encode((byte)(frame.LastSequence + 1), 1094, "HY000", $"Unknown thread id: {kill.ThreadId}"), frame);
        if (!recorder.TryCancelled(session)) return _answers.Refuse(Refusals.JournalUnavailable.Because("no room"), frame);
        Expect(frame);
        gate?.Forwarded();
        toServer.Insert(new PacketWriter().Begin(frame.ServerSequence).Byte(CommandCode.Query).Bytes(Encoding.ASCII.GetBytes(kill.TextFor(thread))).End().ToArray());
        return RequestOutcome.Done;
    }

    /// <summary>
    /// The session's own warnings hold values of what it touched last: drivers that ask are told that there are none, as the counts say already. False when the
    /// text asks for something else, or the warnings hold nothing.
    /// </summary>
    public bool TryAnswerWarnings(StatementAnalysis analysis, in RequestFrame frame)
    {
        if (analysis is not { Status: AnalysisStatus.Read, Statements: [{ Kind: StatementKind.Show, ObjectName: "warnings" or "errors" }] }) return false;
        using var scope = ledger.Gate.EnterScope();
        if (!ledger.HasTouchedPhi) return false;
        _answers.Give(facts.NoWarnings((byte)(frame.LastSequence + 1), ledger.Status, frame.IsFollowed), frame);
        return true;
    }

    private void Expect(in RequestFrame frame)
    {
        using var scope = ledger.Gate.EnterScope();
        ledger.Expect(PendingKind.Simple, frame);
    }
}
