namespace Proxy.Core.Policy.Budgets;

/// <summary>
/// What an identity may use up on a target within an hour, however many sessions, statements and pages it takes. Null is without limit.
/// </summary>
public sealed record Budget
{
    public static Budget None { get; } = new();

    /// <summary>Distinct rows in which PHI was shown, in any form but NULL.</summary>
    public long? PhiRows { get; init; }

    /// <summary>Distinct values that PHI was compared with: each can be a guess.</summary>
    public long? PhiLiterals { get; init; }

    /// <summary>Bytes of rows and COPY data.</summary>
    public long? Bytes { get; init; }

    /// <summary>Refusals that sending the same again would not have helped against.</summary>
    public long? Refusals { get; init; }

    public bool IsUnlimited => PhiRows is null && PhiLiterals is null && Bytes is null && Refusals is null;

    public long? Of(BudgetKind kind) => kind switch
    {
        BudgetKind.PhiRows => PhiRows,
        BudgetKind.PhiLiterals => PhiLiterals,
        BudgetKind.Bytes => Bytes,
        _ => Refusals,
    };
}
