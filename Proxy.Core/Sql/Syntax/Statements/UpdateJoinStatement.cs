using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>UPDATE of several tables: the assignments say which of them change.</summary>
public sealed class UpdateJoinStatement : Statement
{
    public WithClause? With { get; init; }
    public required ImmutableArray<Source> Sources { get; init; }
    public required ImmutableArray<Assignment> Assignments { get; init; }
    public Expression? Where { get; init; }
    public ImmutableArray<Expression> OrderBy { get; init; } = [];
    public Expression? Limit { get; init; }
}
