using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>ON CONFLICT. The row that was to be inserted is called <c>excluded</c>.</summary>
public sealed class ConflictClause : SyntaxNode
{
    /// <summary>Columns and expressions that infer the index; empty for DO NOTHING without a target and for ON CONSTRAINT.</summary>
    public ImmutableArray<Expression> Arbiters { get; init; } = [];
    public Expression? ArbiterWhere { get; init; }
    public string? Constraint { get; init; }
    public bool Updates { get; init; }
    public ImmutableArray<Assignment> Assignments { get; init; } = [];
    public Expression? Where { get; init; }
}
