using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>A relation, or a common table, by name.</summary>
public sealed class TableSource : Source
{
    public required QualifiedName Name { get; init; }

    /// <summary>ONLY: without children.</summary>
    public bool IsOnly { get; init; }

    /// <summary>PARTITION (…): rows of these alone.</summary>
    public ImmutableArray<string> Partitions { get; init; } = [];

    /// <summary>FOR SYSTEM_TIME …: rows of the past, as of these points in time.</summary>
    public ImmutableArray<Expression> Period { get; init; } = [];

    /// <summary>Arguments of TABLESAMPLE.</summary>
    public ImmutableArray<Expression> Sample { get; init; } = [];
}
