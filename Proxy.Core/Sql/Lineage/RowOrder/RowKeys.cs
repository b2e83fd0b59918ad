using System.Collections.Immutable;
using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>Which rows are told apart by what they are ordered by: where equal values mean the same row, nothing is left to be ordered.</summary>
internal sealed class RowKeys
{
    private readonly HashSet<ColumnSource> _known;

    /// <summary>All that follows from an order. Each thing looked at is a step of the run: there may be many.</summary>
    public RowKeys(OrderedChoice choice, ImmutableArray<CatalogueRelation> single, LineageRun run)
    {
        _known = [.. choice.Order, .. choice.At.Pinned];
        var others = single.ToList();
        for (var before = 0; before < _known.Count;)
        {
            before = _known.Count;
            foreach (var (from, to) in choice.At.Equal)
            {
                run.Step();
                if (_known.Contains(from))
                    _known.Add(to);
            }
            for (var i = others.Count - 1; i >= 0; i--)
            {
                run.Step();
                if (!TellApart(others[i]))
                    continue;
                foreach (var column in others[i].Columns)
                {
                    run.Step();
                    _known.Add(new ColumnSource(others[i], column));
                }
                others.RemoveAt(i);
            }
        }
    }

    public bool TellApart(CatalogueRelation table)
    {
        // A key of an inheritance parent says nothing of its children's rows, which come with its own.
        if (_known.Count == 0 || (!table.Children.IsEmpty && !table.IsPartitioned))
            return false;
        foreach (var key in table.Constraints)
        {
            if (key is not { Kind: ConstraintKind.Unique, MayBeBroken: false, Columns.IsEmpty: false, Computed.IsEmpty: true, Tested.IsEmpty: true })
                continue;
            // That of a partitioned table has to have the columns that it is partitioned by, and tells rows apart by these alone.
            var columns = key.Columns.Select(table.Column).OfType<CatalogueColumn>().ToList();
            if (columns.Count == key.Columns.Length && columns.TrueForAll(column => CannotRepeat(table, key, column) && Comes(table, column, _known)))
                return true;
        }
        return false;
    }

    /// <summary>Whether no two rows have NULL there. Of the columns of a materialised view nobody says NOT NULL.</summary>
    private static bool CannotRepeat(CatalogueRelation table, CatalogueConstraint key, CatalogueColumn column) =>
        key.IsPrimary || column.IsNotNull || (table.Kind is RelationKind.MaterializedView && key.IsNullUnique);

    /// <summary>Whether the column, or for a materialised view what it was made of, is among these.</summary>
    public static bool Comes(CatalogueRelation table, CatalogueColumn column, HashSet<ColumnSource> among)
    {
        if (among.Count == 0)
            return false;
        var place = table.PlaceOf(column.Number);
        if (place < 0 || place >= table.Shape.Columns.Length)
            return false;
        foreach (var source in table.Shape.Columns[place].Flow.Sources.Columns)
            if (among.Contains(source))
                return true;
        return false;
    }
}
