using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>The clauses that every form of query can have.</summary>
internal readonly record struct QueryClauses(
    WithClause? With, ImmutableArray<Expression> OrderBy, Expression? Limit, Expression? Offset, bool HasTies, bool Locks);
