using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>DELETE.</summary>
public sealed class DeleteStatement : Statement
{
    public WithClause? With { get; init; }
    public required TableSource Target { get; init; }
    public ImmutableArray<Source> Using { get; init; } = [];
    public Expression? Where { get; init; }
    public ImmutableArray<Target> Returning { get; init; } = [];
}
