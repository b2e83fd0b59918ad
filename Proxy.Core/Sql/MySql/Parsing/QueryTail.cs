using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>What stands behind a query, or around it: it belongs to the whole.</summary>
internal struct QueryTail()
{
    /// <summary>Whether INTO and PROCEDURE are allowed: in the statement's own query alone.</summary>
    public bool MayHaveInto { get; set; }

    /// <summary>Whether a SELECT has taken it, so that no set operation may follow.</summary>
    public bool IsTaken { get; set; }

    public WithClause? With { get; set; }

    public ImmutableArray<Expression> OrderBy { get; set; } = [];

    public Expression? Limit { get; set; }

    public Expression? Offset { get; set; }

    public bool HasTies { get; set; }

    public bool Locks { get; set; }

    public IntoClause? Into { get; set; }

    /// <summary>Whether it says nothing.</summary>
    public readonly bool IsEmpty =>
        With is null && OrderBy.IsEmpty && Limit is null && Offset is null && !Locks && Into is null;
}
