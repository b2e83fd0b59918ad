using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>A call in FROM, or several in ROWS FROM. It always sees what stands left of it.</summary>
public sealed class FunctionSource : Source
{
    public required ImmutableArray<Expression> Calls { get; init; }

    /// <summary>AS t (a int, b text): names only.</summary>
    public ImmutableArray<string> DefinedColumns { get; init; } = [];
    public bool HasOrdinality { get; init; }
}
