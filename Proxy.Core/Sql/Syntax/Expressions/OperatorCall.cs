using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>An operator between expressions, or a form that the server turns into one.</summary>
public sealed class OperatorCall : Expression
{
    /// <summary>The operator's symbol: <c>=</c>, <c>||</c>, <c>~~</c> for LIKE; <c>BETWEEN</c> where the server compares with both bounds.</summary>
    public required QualifiedName Operator { get; init; }
    public OperatorForm Form { get; init; }

    /// <summary>Null for a prefix operator.</summary>
    public Expression? Left { get; init; }

    /// <summary>One for a plain operator; the list for IN; two bounds for BETWEEN; pattern and escape as the grammar gives them.</summary>
    public ImmutableArray<Expression> Right { get; init; } = [];

    /// <summary>NOT IN, NOT LIKE, NOT BETWEEN, IS NOT DISTINCT FROM.</summary>
    public bool IsNegated { get; init; }
}
