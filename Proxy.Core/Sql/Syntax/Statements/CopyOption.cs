using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>One option of COPY.</summary>
public sealed class CopyOption : SyntaxNode
{
    public required string Name { get; init; }

    /// <summary>The value; several for a list of columns; empty when none was written; "*" for all columns.</summary>
    public ImmutableArray<string> Values { get; init; } = [];
}
