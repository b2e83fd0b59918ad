using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Ends the showing of an answer in its middle, because a budget is used up. Where the statement changes nothing and nothing else depends on it, the
/// client gets an error in place of the rest, the server is told to give up, and the transaction is aborted on both sides. Where it does (RETURNING,
/// more statements in the text or the batch) an error would say that nothing was done: then the rest is shown as NULL, with a warning.
/// Owned by the reply relay.
/// </summary>
/// <param name="ledger">What is under way.</param>
/// <param name="recorder">Keeps that it was cut.</param>
/// <param name="budget">Says why.</param>
/// <param name="cancel">Tells the server to give up what it does for this session; null where nobody can.</param>
internal sealed class AnswerCuts(PostgresLedger ledger, SessionRecorder recorder, SessionBudget? budget, Func<Task>? cancel)
{
    private const RiskClasses Effects = RiskClasses.Unknown | RiskClasses.Write | RiskClasses.BulkWrite | RiskClasses.MaskedWrite | RiskClasses.Schema
        | RiskClasses.Privilege | RiskClasses.Export | RiskClasses.Procedure | RiskClasses.Administrative;

    private bool _hasEffects;
    private bool _hasCut;

    /// <summary>What the outcome of a cut answer has as its error.</summary>
    public static ReadOnlySpan<byte> SqlState => "54000"u8;

    /// <summary>Cuts the answer of the head. False where it can only be shown as NULL.</summary>
    public bool TryCut(PendingReply head, BudgetKind kind, out Refusal refusal)
    {
        refusal = budget?.Cut(kind) ?? Refusals.BudgetSpent.Because(BudgetKindNames.Format(kind));
        var judgement = head.Judgement!;
        recorder.Refused(head.Record, judgement.Decision with { Verdict = Verdict.Refuse, Refusal = refusal });
        recorder.Count(refusal);
        ProtocolMetrics.AnswersCut.Add(1, new KeyValuePair<string, object?>("budget", BudgetKindNames.Format(kind)));
        using var scope = ledger.Gate.EnterScope();
        if (!CanFail(head, judgement)) return false;
        head.IsCut = true;
        head.Answer = PostgresRefusal.Error(refusal);
        var isAlone = IsAlone(head);
        // Its batch has failed, so what the client still sends of it is skipped.
        if (head.Kind is PendingKind.Execute && ledger.Pending.Count == 1) ledger.Discard(isLocal: false);
        if (isAlone && cancel is not null) ledger.Cancelling = cancel();
        return true;
    }

    /// <summary>The server is done with a statement that it did not fail.</summary>
    public void Completed(Judgement? judgement) => _hasEffects |= judgement is null || (judgement.Decision.Risk & Effects) != 0;

    /// <summary>The server was done with a statement before it could be cancelled.</summary>
    public void CompletedInVain() => _hasCut = true;

    /// <summary>
    /// At ReadyForQuery: whether the client is to be told that its transaction is aborted, though the server does not know yet. It will before anything
    /// else reaches it. Where more has reached it already, the client is told how things are.
    /// </summary>
    public bool MustAbort(TransactionStatus status, int pending)
    {
        var mustAbort = _hasCut && status is TransactionStatus.InTransaction && pending <= 1;
        _hasCut = _hasEffects = false;
        return mustAbort;
    }

    /// <summary>Before the client's next request: the server's transaction is aborted in truth. For the request relay.</summary>
    public static void PayAbort(PostgresLedger ledger, Outbound toServer)
    {
        using var scope = ledger.Gate.EnterScope();
        ledger.OwesAbort = false;
        toServer.Insert(PostgresRefusal.FailingExecute);
        ledger.Expect(PendingKind.Refused).IsHidden = true;
        toServer.Insert(PostgresRefusal.Sync);
        ledger.Expect(PendingKind.Sync).IsHidden = true;
        ledger.EndSegment();
    }

    private bool CanFail(PendingReply head, Judgement judgement)
    {
        if ((judgement.Decision.Risk & Effects) != 0 || (_hasEffects && ledger.Status is TransactionStatus.Idle)) return false;
        if (head.Kind is PendingKind.Query) return head.StatementIndex == judgement.Analysis.Statements.Length - 1;
        return ledger.Pending.Count == 1 || ledger.Pending[1].Kind is PendingKind.Sync;
    }

    /// <summary>Whether nothing else that runs is under way, which a late cancel could hit.</summary>
    private bool IsAlone(PendingReply head) =>
        ledger.Pending.Count == 1 || (ledger.Pending.Count == 2 && ledger.Pending[1] is { Kind: PendingKind.Sync } sync && sync.Segment == head.Segment);
}
