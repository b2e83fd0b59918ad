using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>A relation, or a common table, by name.</summary>
public sealed class TableSource : Source
{
    public required QualifiedName Name { get; init; }

    /// <summary>ONLY: without children.</summary>
    public bool IsOnly { get; init; }

    /// <summary>Arguments of TABLESAMPLE.</summary>
    public ImmutableArray<Expression> Sample { get; init; } = [];
}
