using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>A join.</summary>
public sealed class JoinSource : Source
{
    public required JoinKind Kind { get; init; }
    public required Source Left { get; init; }
    public required Source Right { get; init; }
    public Expression? On { get; init; }
    public bool IsNatural { get; init; }
    public ImmutableArray<string> Using { get; init; } = [];

    /// <summary>JOIN … USING (…) AS name: a row of the merged columns.</summary>
    public string? UsingAlias { get; init; }
}
