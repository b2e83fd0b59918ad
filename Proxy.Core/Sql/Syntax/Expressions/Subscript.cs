using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>value[i] or value[i:j].</summary>
public sealed class Subscript : Expression
{
    public required Expression Argument { get; init; }
    public ImmutableArray<Expression> Indices { get; init; } = [];
}
