using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>What COM_STMT_FETCH brings: described when the statement was executed, and masked as the newest judgement of it says.</summary>
/// <param name="Judgement">By which the plan was made.</param>
/// <param name="Shape">Of its rows, which are binary.</param>
/// <param name="Record">Of the execution.</param>
internal sealed record CursorRows(Judgement? Judgement, MySqlRowShape Shape, long Record)
{
    /// <summary>The same rows under another judgement.</summary>
    public CursorRows Under(Judgement judgement) => this with { Judgement = judgement, Shape = new MySqlRowShape(judgement.PlanFor(statement: 0, Shape.Columns), Shape.Columns, isBinary: true) };
}
