using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>The budget's gate for texts, and for what is bound to them.</summary>
internal sealed class BindBudget(SessionBudget? budget) : BudgetGate(budget)
{
    /// <summary>For a Bind, with the parameters as the client sent them. A masked value is no guess, and is not counted.</summary>
    public Refusal? Admit(Judgement judgement, in Bind bind)
    {
        if (Admit(judgement, out var compared) is { } spent) return spent;
        if (compared is null) return null;
        var parameters = new BoundParameters(bind.Parameters);
        while (parameters.MoveNext())
            if (!parameters.IsNull && judgement.Parameters?.IsToken(parameters.Value) is not true)
                compared.AddParameter(parameters.Number, parameters.IsBinary, parameters.Value, Codes);
        return Compare();
    }
}
