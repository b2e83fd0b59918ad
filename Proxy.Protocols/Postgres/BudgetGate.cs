using System.Runtime.InteropServices;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>Asks, before a statement goes on, whether the budget has room for it. Owned by the request relay.</summary>
internal sealed class BudgetGate(SessionBudget? budget)
{
    private readonly List<ulong> _codes = [];

    /// <summary>For a text that runs at once: the refusal, or null.</summary>
    public Refusal? Admit(Judgement judgement)
    {
        if (budget is null) return null;
        return budget.Admit(judgement.Decision.Risk, judgement.MayShowPhi)
            ?? (judgement.Compared is { } compared ? budget.Compare(compared.Literals.AsSpan()) : null);
    }

    /// <summary>For a Bind, with the parameters as the client sent them. A masked value is no guess, and is not counted.</summary>
    public Refusal? Admit(Judgement judgement, in Bind bind)
    {
        if (budget is null || judgement.Compared is not { HasParameters: true } compared || !budget.LimitsLiterals) return Admit(judgement);
        if (budget.Admit(judgement.Decision.Risk, judgement.MayShowPhi) is { } spent) return spent;
        _codes.Clear();
        _codes.AddRange(compared.Literals.AsSpan());
        var parameters = new BoundParameters(bind.Parameters);
        while (parameters.MoveNext())
            if (!parameters.IsNull && judgement.Parameters?.IsToken(parameters.Value) is not true)
                compared.AddParameter(parameters.Number, parameters.IsBinary, parameters.Value, _codes);
        return budget.Compare(CollectionsMarshal.AsSpan(_codes));
    }
}
