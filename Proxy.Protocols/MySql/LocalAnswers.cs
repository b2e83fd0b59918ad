using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>Puts answers of our own into the queue, where they wait for their turn. For the request relay.</summary>
internal sealed class LocalAnswers(MySqlLedger ledger, SessionRecorder recorder)
{
    /// <summary>A command that has no reply is passed over: nor has its refusal one.</summary>
    public RequestOutcome Refuse(Refusal refusal, in RequestFrame frame)
    {
        recorder.Count(refusal);
        return !frame.Payload.IsEmpty && Messages.CommandCode.HasNoReply(frame.Command)
            ? RequestOutcome.Done
            : Give(MySqlRefusal.Error(refusal, (byte)(frame.LastSequence + 1)), frame);
    }

    /// <param name="answer">Its packets, numbered.</param>
    /// <param name="frame">What it answers.</param>
    public RequestOutcome Give(byte[] answer, in RequestFrame frame)
    {
        using var scope = ledger.Gate.EnterScope();
        ledger.Expect(PendingKind.Local, frame).Answer = answer;
        return RequestOutcome.DoneLocally;
    }
}
