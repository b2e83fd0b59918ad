using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>EXECUTE name (arguments).</summary>
public sealed class ExecuteStatement : Statement
{
    public required string Name { get; init; }
    public ImmutableArray<Expression> Arguments { get; init; } = [];
}
