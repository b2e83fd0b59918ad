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
}
