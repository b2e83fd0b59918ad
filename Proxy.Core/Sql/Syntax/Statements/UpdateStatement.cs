using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>UPDATE.</summary>
public sealed class UpdateStatement : Statement
{
    public WithClause? With { get; init; }
    public required TableSource Target { get; init; }
    public required ImmutableArray<Assignment> Assignments { get; init; }
    public ImmutableArray<Source> From { get; init; } = [];
    public Expression? Where { get; init; }
    public ImmutableArray<Target> Returning { get; init; } = [];
}
