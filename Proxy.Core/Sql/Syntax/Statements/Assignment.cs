using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>SET a = value, or SET (a, b) = row: a row construction, a subquery of the form Row, or another expression of a row type.</summary>
public sealed class Assignment : SyntaxNode
{
    /// <summary>Column names; of <c>a.f</c> and <c>a[1]</c> the column.</summary>
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary>What stands before the column: a table or alias, or a schema and a table.</summary>
    public ImmutableArray<string> Qualifier { get; init; } = [];

    /// <summary>Subscripts on the left side.</summary>
    public ImmutableArray<Expression> Subscripts { get; init; } = [];
    public required Expression Value { get; init; }
}
