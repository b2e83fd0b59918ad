using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>What the commands of one statement ask of the rows that are there, while it is collected.</summary>
internal sealed class AskedOfRows
{
    public List<string> Added { get; } = [];

    public List<Expression> Keys { get; } = [];

    public List<Expression> Conditions { get; } = [];

    public List<Expression> Values { get; } = [];

    public List<ForeignKeyClause> ForeignKeys { get; } = [];

    public bool AsksMore { get; set; }

    /// <summary>Null when nothing is asked.</summary>
    public ConstrainStatement? Of(TableSource? table, int position) =>
        Keys.Count + Conditions.Count + Values.Count + ForeignKeys.Count == 0 && !AsksMore
            ? null
            : new ConstrainStatement
            {
                Table = table,
                AddedColumns = [.. Added],
                Keys = [.. Keys],
                Conditions = [.. Conditions],
                Values = [.. Values],
                ForeignKeys = [.. ForeignKeys],
                AsksMore = AsksMore || table is null,
                Position = position,
            };
}
