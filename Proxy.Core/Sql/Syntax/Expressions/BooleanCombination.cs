using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>AND, OR, NOT.</summary>
public sealed class BooleanCombination : Expression
{
    public required BooleanOperator Operator { get; init; }

    /// <summary>Flat where the grammar flattens; one for NOT.</summary>
    public required ImmutableArray<Expression> Operands { get; init; }
}
