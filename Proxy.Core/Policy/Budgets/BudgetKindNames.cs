namespace Proxy.Core.Policy.Budgets;

/// <summary>As they are written in rules.yaml and in refusals.</summary>
public static class BudgetKindNames
{
    public static string Format(BudgetKind kind) => kind switch
    {
        BudgetKind.PhiRows => "phi-rows",
        BudgetKind.PhiLiterals => "phi-literals",
        BudgetKind.Bytes => "bytes",
        _ => "refusals",
    };
}
