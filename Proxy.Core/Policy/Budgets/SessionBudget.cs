using System.Globalization;

namespace Proxy.Core.Policy.Budgets;

/// <summary>
/// The budget of one session: the newest rules' limits on the accounts of its identity. An account of the agent and one of the human behind it must
/// both have room. Thread-safe.
/// </summary>
/// <param name="book">The accounts.</param>
/// <param name="principal">Whose they are.</param>
/// <param name="target">Where.</param>
/// <param name="limits">What the newest rules say; costs nothing to ask.</param>
public sealed class SessionBudget(BudgetBook book, Principal principal, string target, Func<Budget> limits)
{
    private static readonly BudgetKind[] Kinds = Enum.GetValues<BudgetKind>();

    private BudgetAccount[] _accounts = book.AccountsOf(principal, target);

    public BudgetCodes Codes => book.Codes;

    /// <summary>Whether rows have to be looked at: not where no rule limits any.</summary>
    public bool LimitsRows => limits().PhiRows is not null;

    public bool LimitsBytes => limits().Bytes is not null;

    public bool LimitsLiterals => limits().PhiLiterals is not null;

    /// <summary>Before a statement: the refusal, where a budget that it would draw on is used up.</summary>
    /// <param name="risk">Its classes. What is nothing but the session's own business (ROLLBACK) draws on nothing.</param>
    /// <param name="showsPhi">Whether its answer may have PHI in it, masked or not.</param>
    public Refusal? Admit(RiskClasses risk, bool showsPhi)
    {
        var budget = limits();
        if (budget.IsUnlimited || (risk & ~RiskClasses.Session) == 0)
            return null;
        if (Accounts().Length == 0)
            return Refusals.BudgetSpent.Because("the gateway has no room to count what this identity uses");
        return (showsPhi ? Spent(BudgetKind.PhiRows, budget) : null) ?? Spent(BudgetKind.Bytes, budget) ?? Spent(BudgetKind.Refusals, budget);
    }

    /// <summary>Before a statement compares PHI with values: counts those that are new within the hour, all of them or none.</summary>
    public Refusal? Compare(ReadOnlySpan<ulong> codes)
    {
        if (codes.IsEmpty || limits().PhiLiterals is not { } limit)
            return null;
        foreach (var account in _accounts)
            if (!account.TryCompare(codes, limit))
                return Why(BudgetKind.PhiLiterals, limit, account);
        return _accounts.Length > 0 ? null : Refusals.BudgetSpent.Because("the gateway has no room to count what this identity uses");
    }

    /// <summary>Whether a row with PHI may be shown; counted if it was not shown within the hour.</summary>
    public bool TryShow(ulong row)
    {
        if (limits().PhiRows is not { } limit)
            return true;
        foreach (var account in _accounts)
            if (!account.TryShow(row, limit))
                return false;
        return _accounts.Length > 0;
    }

    /// <summary>Whether a row with PHI may be shown that is counted every time, because it is not looked at.</summary>
    public bool TryShowUnknown()
    {
        if (limits().PhiRows is not { } limit)
            return true;
        foreach (var account in _accounts)
            if (!account.TryShowUnknown(1, limit))
                return false;
        return _accounts.Length > 0;
    }

    /// <summary>Counts bytes of an answer; false where they are too many.</summary>
    public bool TrySend(long bytes)
    {
        if (limits().Bytes is not { } limit)
            return true;
        var hasRoom = _accounts.Length > 0;
        foreach (var account in _accounts)
            hasRoom &= account.TrySend(bytes, limit);
        return hasRoom;
    }

    /// <summary>Counts a refusal, unless it is about what time alone mends.</summary>
    public void Refused(Refusal refusal)
    {
        if (refusal.CanRetry || limits().Refusals is null)
            return;
        foreach (var account in _accounts)
            account.CountRefusal();
    }

    /// <summary>The refusal for an answer that is cut here.</summary>
    public Refusal Cut(BudgetKind kind) =>
        limits().Of(kind) is { } limit && _accounts is [var first, .. var others]
            ? Why(kind, limit, others is [var human] && human.Used(kind) > first.Used(kind) ? human : first)
            : Refusals.BudgetSpent.Because("the gateway has no room to count what this identity uses");

    /// <summary>
    /// What the session may know: how much of each budget is used. What PHI has a part in, only in tenths: how many bytes a row had before it was masked would say how
    /// long its values are.
    /// </summary>
    public IEnumerable<KeyValuePair<string, string>> Describe()
    {
        var budget = limits();
        foreach (var kind in Kinds)
            if (budget.Of(kind) is { } limit)
                yield return new($"budget {BudgetKindNames.Format(kind)}", string.Create(
                    CultureInfo.InvariantCulture, $"{Shown(kind, _accounts.Select(account => account.Used(kind)).DefaultIfEmpty(limit).Max(), limit)} of {limit} in the last hour"));
    }

    private static string Shown(BudgetKind kind, long used, long limit)
    {
        if (kind is not (BudgetKind.PhiRows or BudgetKind.Bytes) || used == 0)
            return used.ToString(CultureInfo.InvariantCulture);
        var tenth = Math.Max(1, (limit + 9) / 10);
        return string.Create(CultureInfo.InvariantCulture, $"up to {Math.Min(limit, (used + tenth - 1) / tenth * tenth)}");
    }

    private Refusal? Spent(BudgetKind kind, Budget budget)
    {
        if (budget.Of(kind) is not { } limit)
            return null;
        foreach (var account in _accounts)
            if (account.Used(kind) >= limit)
                return Why(kind, limit, account);
        return null;
    }

    private Refusal Why(BudgetKind kind, long limit, BudgetAccount account)
    {
        var whose = _accounts.Length > 1 && ReferenceEquals(account, _accounts[1]) ? " of the human behind it" : "";
        return Refusals.BudgetSpent.Because(string.Create(
            CultureInfo.InvariantCulture,
            $"{BudgetKindNames.Format(kind)}{whose}: {Math.Min(account.Used(kind), limit)} of {limit} used within an hour; room again at {account.FreeAt(kind, limit):yyyy-MM-dd'T'HH:mm'Z'}"));
    }

    private BudgetAccount[] Accounts()
    {
        var accounts = Volatile.Read(ref _accounts);
        if (accounts.Length > 0 && !Array.Exists(accounts, static account => account.IsClosed))
            return accounts;
        Volatile.Write(ref _accounts, accounts = book.AccountsOf(principal, target));
        return accounts;
    }
}
