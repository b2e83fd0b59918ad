using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>One entry of WITH: a query, or a statement that changes rows and returns some.</summary>
public sealed class CommonTable : SyntaxNode
{
    public required string Name { get; init; }
    public ImmutableArray<string> ColumnNames { get; init; } = [];
    public required Statement Body { get; init; }

    /// <summary>SEARCH and CYCLE: columns that are appended, and the columns of the query that they are made of.</summary>
    public ImmutableArray<AppendedColumn> Appended { get; init; } = [];
}
