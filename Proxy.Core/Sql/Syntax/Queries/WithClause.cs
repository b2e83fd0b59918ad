using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>WITH.</summary>
public sealed class WithClause : SyntaxNode
{
    public bool IsRecursive { get; init; }
    public required ImmutableArray<CommonTable> Tables { get; init; }
}
