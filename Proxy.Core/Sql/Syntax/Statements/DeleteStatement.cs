using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>DELETE.</summary>
public sealed class DeleteStatement : Statement
{
    public WithClause? With { get; init; }
    public required TableSource Target { get; init; }
    public ImmutableArray<Source> Using { get; init; } = [];
    public Expression? Where { get; init; }
    public ImmutableArray<Expression> OrderBy { get; init; } = [];
    public Expression? Limit { get; init; }
    public ImmutableArray<Target> Returning { get; init; } = [];

    /// <summary>RETURNING WITH (OLD AS name); null where the row before is called <c>old</c>, as servers since 18 do.</summary>
    public string? OldAlias { get; init; }

    /// <summary>RETURNING WITH (NEW AS name); null where the row after is called <c>new</c>.</summary>
    public string? NewAlias { get; init; }
}
