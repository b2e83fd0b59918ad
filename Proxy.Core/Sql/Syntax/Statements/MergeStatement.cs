using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>MERGE.</summary>
public sealed class MergeStatement : Statement
{
    public WithClause? With { get; init; }
    public required TableSource Target { get; init; }
    public required Source Source { get; init; }
    public required Expression On { get; init; }
    public required ImmutableArray<MergeArm> Arms { get; init; }
    public ImmutableArray<Target> Returning { get; init; } = [];

    /// <summary>RETURNING WITH (OLD AS name); null where the row before is called <c>old</c>, as servers since 18 do.</summary>
    public string? OldAlias { get; init; }

    /// <summary>RETURNING WITH (NEW AS name); null where the row after is called <c>new</c>.</summary>
    public string? NewAlias { get; init; }
}
