using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>A form of the grammar that makes a value out of others and calls no function of a user by name.</summary>
public sealed class Construction : Expression
{
    public required ConstructionKind Kind { get; init; }
    public ImmutableArray<Expression> Arguments { get; init; } = [];
}
