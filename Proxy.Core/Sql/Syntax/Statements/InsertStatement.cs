using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>INSERT.</summary>
public sealed class InsertStatement : Statement
{
    public WithClause? With { get; init; }
    public required TableSource Target { get; init; }

    /// <summary>Empty: the table's columns in order.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Null for DEFAULT VALUES.</summary>
    public Query? Query { get; init; }
    public ConflictClause? OnConflict { get; init; }
    public ImmutableArray<Target> Returning { get; init; } = [];
}
