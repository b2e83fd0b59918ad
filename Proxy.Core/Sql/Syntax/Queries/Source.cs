using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>An entry of FROM.</summary>
public abstract class Source : SyntaxNode
{
    public string? Alias { get; init; }

    /// <summary>AS t (a, b, …): renames the first columns.</summary>
    public ImmutableArray<string> ColumnAliases { get; init; } = [];
}
