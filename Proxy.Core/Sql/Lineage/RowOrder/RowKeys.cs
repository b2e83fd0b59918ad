using System.Collections.Immutable;
using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>Which rows are told apart by what they are ordered by: where equal values mean the same row, nothing is left to be ordered.</summary>
internal static class RowKeys
{
    public static bool TellApart(CatalogueRelation table, ImmutableArray<ColumnSource> order, ScanFacts facts)
    {
        var known = new HashSet<ColumnSource>(order);
        known.UnionWith(facts.Pinned);
        if (known.Count == 0)
            return false;
        for (var before = 0; before < known.Count;)
        {
            before = known.Count;
            foreach (var (from, to) in facts.Equal)
                if (known.Contains(from))
                    known.Add(to);
            foreach (var other in facts.Single)
                if (HasKey(other, known))
                    foreach (var column in other.Columns)
                        known.Add(new ColumnSource(other, column));
        }
        return HasKey(table, known);
    }

    private static bool HasKey(CatalogueRelation table, HashSet<ColumnSource> known)
    {
        // The key of a partitioned table has to have the columns that it is partitioned by; the others are what identifies.
        var isPartitioned = !table.Children.IsEmpty || table.Constraints.Any(static constraint => constraint.Kind is ConstraintKind.Bound);
        foreach (var key in table.Constraints)
        {
            if (key is not { Kind: ConstraintKind.Unique, Columns.IsEmpty: false, Computed.IsEmpty: true, Tested.IsEmpty: true })
                continue;
            var columns = key.Columns.Select(table.Column).OfType<CatalogueColumn>().ToList();
            var asked = isPartitioned ? columns.FindAll(static column => !column.IsPhi) : columns;
            if (columns.Count == key.Columns.Length && asked.Count > 0 && asked.TrueForAll(column => CannotBeNull(table, key, column) && Comes(table, column, known)))
                return true;
        }
        return false;
    }

    private static bool CannotBeNull(CatalogueRelation table, CatalogueConstraint key, CatalogueColumn column) =>
        key.IsPrimary || column.IsNotNull || table.Kind is RelationKind.MaterializedView;

    /// <summary>Whether the column, or for a materialised view what it was made of, is among these.</summary>
    public static bool Comes(CatalogueRelation table, CatalogueColumn column, IReadOnlyCollection<ColumnSource> among)
    {
        if (among.Count == 0)
            return false;
        var place = table.Columns.IndexOf(column);
        if (place < 0 || place >= table.Shape.Columns.Length)
            return false;
        foreach (var source in table.Shape.Columns[place].Flow.Sources.Columns)
            if (among.Contains(source))
                return true;
        return false;
    }
}
