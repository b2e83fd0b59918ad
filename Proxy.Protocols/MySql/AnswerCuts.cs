using System.IO.Pipelines;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Ends the showing of an answer in its middle, because a budget is used up: the client gets an error in place of the next row, as a server's own may stand
/// there, and what the server still sends of the answer goes nowhere. Owned by the reply relay.
/// </summary>
internal sealed class AnswerCuts(SessionRecorder recorder, SessionBudget? budget)
{
    private Outbound? _nowhere;

    /// <summary>Takes what is cut away.</summary>
    public Outbound Nowhere(Memory<byte> received)
    {
        _nowhere ??= new Outbound(PipeWriter.Create(Stream.Null));
        _nowhere.Begin(received);
        return _nowhere;
    }

    /// <summary>Whether rows of this answer are counted: not where no rule limits any.</summary>
    public bool Counts(MySqlMaskPlan plan) => budget is { LimitsRows: true } or { LimitsBytes: true } && !ReferenceEquals(plan, MySqlMaskPlan.Everything);

    /// <summary>Counts a row before it is masked; false when the answer has been cut in front of it.</summary>
    /// <param name="head">What is answered.</param>
    /// <param name="plan">How the row will be shown.</param>
    /// <param name="length">Of the row, as the server sent it.</param>
    /// <param name="toClient">Gets the error.</param>
    public bool TryShow(PendingReply head, MySqlMaskPlan plan, int length, Outbound toClient)
    {
        if (budget is null || ReferenceEquals(plan, MySqlMaskPlan.Everything)) return true;
        if (head.Judgement is not { MayShowPhi: false } && budget.LimitsRows && !budget.TryShowUnknown()) return Cut(head, BudgetKind.PhiRows, toClient);
        return budget.TrySend(length) || Cut(head, BudgetKind.Bytes, toClient);
    }

    private bool Cut(PendingReply head, BudgetKind kind, Outbound toClient)
    {
        var refusal = budget!.Cut(kind);
        if (head.Judgement is { } judgement)
            recorder.Refused(head.Record, judgement.Decision with { Verdict = Verdict.Refuse, Refusal = refusal });
        recorder.Count(refusal);
        ProtocolMetrics.AnswersCut.Add(1, new KeyValuePair<string, object?>("budget", BudgetKindNames.Format(kind)));
        toClient.Insert(MySqlRefusal.Error(refusal, head.ClientSequence));
        head.IsCut = true;
        _nowhere = null;
        return false;
    }
}
