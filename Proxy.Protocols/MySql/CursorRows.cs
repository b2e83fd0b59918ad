using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>What COM_STMT_FETCH brings: described when the statement was executed, and masked as the newest judgement of it says.</summary>
/// <param name="Judgement">By which the plan was made.</param>
/// <param name="Plan">Of its columns.</param>
/// <param name="Columns">As the server described them.</param>
/// <param name="Types">Of its columns: what a binary row cannot be read without.</param>
/// <param name="Record">Of the execution.</param>
internal sealed record CursorRows(Judgement? Judgement, MySqlMaskPlan Plan, MySqlResultColumn[] Columns, MySqlFieldType[] Types, long Record)
{
    /// <summary>The same rows under another judgement.</summary>
    public CursorRows Under(Judgement judgement) => this with { Judgement = judgement, Plan = judgement.PlanFor(statement: 0, Columns) };
}
