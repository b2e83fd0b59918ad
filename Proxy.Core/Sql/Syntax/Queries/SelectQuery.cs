using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>SELECT; also TABLE t, which is SELECT * FROM t.</summary>
public sealed class SelectQuery : Query
{
    public bool IsDistinct { get; init; }

    /// <summary>DISTINCT ON (…).</summary>
    public ImmutableArray<Expression> DistinctOn { get; init; } = [];
    public required ImmutableArray<Target> Targets { get; init; }
    public ImmutableArray<Source> From { get; init; } = [];
    public Expression? Where { get; init; }

    /// <summary>Grouping sets, ROLLUP and CUBE flattened: which expressions group, not how they are combined.</summary>
    public ImmutableArray<Expression> GroupBy { get; init; } = [];

    /// <summary>Whether there is a GROUP BY, even an empty one as in GROUP BY ().</summary>
    public bool IsGrouped { get; init; }
    public Expression? Having { get; init; }
    public ImmutableArray<Window> Windows { get; init; } = [];
}
