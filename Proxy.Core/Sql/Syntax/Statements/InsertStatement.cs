using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>INSERT.</summary>
public sealed class InsertStatement : Statement
{
    public WithClause? With { get; init; }
    public required TableSource Target { get; init; }

    /// <summary>Empty: the table's columns in order.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Subscripts in the list of columns, as in <c>INSERT INTO t (a[1])</c>.</summary>
    public ImmutableArray<Expression> Subscripts { get; init; } = [];

    /// <summary>Null for DEFAULT VALUES.</summary>
    public Query? Query { get; init; }
    public ConflictClause? OnConflict { get; init; }

    /// <summary>REPLACE: rows that stand in the way are deleted.</summary>
    public bool IsReplacing { get; init; }

    /// <summary>IGNORE: rows that fail are left out.</summary>
    public bool IgnoresErrors { get; init; }

    /// <summary>AS name (columns …): what ON DUPLICATE KEY UPDATE calls the row that was to be inserted.</summary>
    public string? RowAlias { get; init; }
    public ImmutableArray<string> RowColumnAliases { get; init; } = [];
    public ImmutableArray<Target> Returning { get; init; } = [];

    /// <summary>RETURNING WITH (OLD AS name); null where the row before is called <c>old</c>, as servers since 18 do.</summary>
    public string? OldAlias { get; init; }

    /// <summary>RETURNING WITH (NEW AS name); null where the row after is called <c>new</c>.</summary>
    public string? NewAlias { get; init; }
}
