using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>COPY between the client and a table, or from a query to the client.</summary>
public sealed class CopyStatement : Statement
{
    public TableSource? Table { get; init; }

    /// <summary>Empty: the table's columns in order, generated ones left out.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>COPY (statement) TO; null for a table.</summary>
    public Statement? Inner { get; init; }
    public bool IsFrom { get; init; }
    public Expression? Where { get; init; }

    /// <summary>Options by lower-case name as written; values of literals and name lists as text, null where the form is unknown.</summary>
    public ImmutableArray<CopyOption> Options { get; init; } = [];
}
