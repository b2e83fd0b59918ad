using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>
/// A change of a definition that the rows that are there have to fulfil, or else it fails: ALTER TABLE, CREATE INDEX, ALTER DOMAIN. Only what rows are
/// asked; what the change is otherwise is not in here.
/// </summary>
public sealed class ConstrainStatement : Statement
{
    /// <summary>Whose rows; null where it is not one relation's.</summary>
    public TableSource? Table { get; init; }

    /// <summary>Columns that are added at the same time, which hold nothing yet.</summary>
    public ImmutableArray<string> AddedColumns { get; init; } = [];

    /// <summary>What no two rows may have alike.</summary>
    public ImmutableArray<Expression> Keys { get; init; } = [];

    /// <summary>What has to be true of each row.</summary>
    public ImmutableArray<Expression> Conditions { get; init; } = [];

    /// <summary>What is computed of each row, and may fail.</summary>
    public ImmutableArray<Expression> Values { get; init; } = [];

    public ImmutableArray<ForeignKeyClause> ForeignKeys { get; init; } = [];

    /// <summary>Whether rows are asked for anything else, too.</summary>
    public bool AsksMore { get; init; }
}
