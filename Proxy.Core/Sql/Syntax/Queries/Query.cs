using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>Something with rows.</summary>
public abstract class Query : SyntaxNode
{
    public WithClause? With { get; init; }
    public ImmutableArray<Expression> OrderBy { get; init; } = [];
    public Expression? Limit { get; init; }
    public Expression? Offset { get; init; }

    /// <summary>FETCH FIRST … WITH TIES: the order then decides how many rows there are.</summary>
    public bool HasTies { get; init; }

    /// <summary>INTO variables or a file of the server, in place of an answer.</summary>
    public IntoClause? Into { get; init; }

    /// <summary>FOR UPDATE and its like.</summary>
    public bool Locks { get; init; }
}
