namespace Proxy.Core.Sql.Syntax;

/// <summary>EXPLAIN.</summary>
public sealed class ExplainStatement : Statement
{
    /// <summary>Null when the statement inside has no syntax of its own.</summary>
    public Statement? Inner { get; init; }

    /// <summary>ANALYZE: the statement runs, and the plan says how many rows each node had.</summary>
    public bool Runs { get; init; }
}
