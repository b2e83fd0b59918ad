using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>A column that SEARCH or CYCLE adds to a common table.</summary>
public sealed class AppendedColumn : SyntaxNode
{
    public required string Name { get; init; }

    /// <summary>Columns of the common table that it is made of.</summary>
    public ImmutableArray<string> From { get; init; } = [];

    /// <summary>Whether the columns decide how long the recursion goes on (CYCLE).</summary>
    public bool Decides { get; init; }

    /// <summary>The constants of CYCLE … SET column TO value DEFAULT value; casts of constants too.</summary>
    public ImmutableArray<Expression> Values { get; init; } = [];
}
