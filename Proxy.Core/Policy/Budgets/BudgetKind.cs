namespace Proxy.Core.Policy.Budgets;

/// <summary>What a budget counts.</summary>
public enum BudgetKind : byte
{
    PhiRows = 0,
    PhiLiterals,
    Bytes,
    Refusals,
}
