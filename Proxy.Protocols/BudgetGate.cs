using System.Runtime.InteropServices;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;

namespace Proxy.Protocols;

/// <summary>Asks, before a statement goes on, whether the budget has room for it. Owned by the request relay.</summary>
internal class BudgetGate(SessionBudget? budget)
{
    /// <summary>What is compared by the execution under way.</summary>
    protected List<ulong> Codes { get; } = [];

    /// <summary>For a text that runs at once: the refusal, or null.</summary>
    public Refusal? Admit(Judgement judgement)
    {
        if (budget is null) return null;
        return budget.Admit(judgement.Decision.Risk, judgement.MayShowPhi)
            ?? (judgement.Compared is { } compared ? budget.Compare(compared.Literals.AsSpan()) : null);
    }

    /// <summary>For an execution with parameters. Null with something compared: its parameters are to be added to <see cref="Codes"/>, and <see cref="Compare"/> says the rest.</summary>
    protected Refusal? Admit(Judgement judgement, out ComparedValues? compared)
    {
        compared = budget is { LimitsLiterals: true } && judgement.Compared is { HasParameters: true } values ? values : null;
        if (compared is null) return Admit(judgement);
        Codes.Clear();
        Codes.AddRange(compared.Literals.AsSpan());
        return budget!.Admit(judgement.Decision.Risk, judgement.MayShowPhi);
    }

    protected Refusal? Compare() => budget!.Compare(CollectionsMarshal.AsSpan(Codes));
}
