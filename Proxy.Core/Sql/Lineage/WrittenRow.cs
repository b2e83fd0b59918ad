using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What a statement stores into the columns of one relation, by number. Columns that it does not name are not in here.</summary>
internal sealed class WrittenRow
{
    private readonly Dictionary<short, WrittenValue> _values = [];

    /// <summary>What may be in any column, where it is not known which value goes into which.</summary>
    public Flow? Anywhere { get; init; }

    public bool IsEmpty => _values.Count == 0 && Anywhere is null;

    public IEnumerable<short> Columns => _values.Keys;

    public WrittenValue? this[short column] =>
        _values.TryGetValue(column, out var value) ? value
        : Anywhere is { } flow ? WrittenValue.Of(flow, [])
        : null;

    /// <summary>A row that INSERT, MERGE or COPY adds.</summary>
    /// <param name="relation">Where to.</param>
    /// <param name="columns">By name; empty for all in order.</param>
    /// <param name="values">What flows in.</param>
    /// <param name="rows">The expressions of the rows, where the statement spells them out.</param>
    public static WrittenRow Added(
        CatalogueRelation relation, ImmutableArray<string> columns, RowShape? values, ImmutableArray<ImmutableArray<Expression>> rows)
    {
        if (values is { IsOpen: true })
            return new WrittenRow { Anywhere = values.Whole() with { Row = null } };
        var row = new WrittenRow();
        for (var i = 0; i < values?.Columns.Length; i++)
        {
            if (ChangeAnalyser.ColumnAt(relation, columns, i) is not { } column)
                continue;
            ImmutableArray<Expression> cells = [.. rows.Where(cells => i < cells.Length).Select(cells => cells[i])];
            if (!cells.IsEmpty && cells.All(static cell => cell is DefaultValue))
                continue;
            row._values[column.Number] = WrittenValue.Of(values.Columns[i].Flow, cells);
        }
        return row;
    }

    /// <summary>UPDATE stores this value.</summary>
    public void Set(short column, WrittenValue value) => _values[column] = value;

    /// <summary>The same row as another relation's: a partition or child has the columns under their names, a view shows those of others.</summary>
    public WrittenRow As(Func<short, IEnumerable<short>> columns)
    {
        var row = new WrittenRow { Anywhere = Anywhere };
        foreach (var (number, value) in _values)
            foreach (var other in columns(number))
                row._values[other] = value;
        return row;
    }
}
