using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>
/// By which indexes on PHI a statement can read the rows of a table: what it looks for, or needs, is in them. That is the same wherever in the statement
/// order decides something, so it is found once for each table.
/// </summary>
internal sealed class ReadableIndexes
{
    private readonly Dictionary<CatalogueRelation, List<(CatalogueIndex Index, short Alone)>> _known = [];
    private readonly HashSet<ColumnSource> _sought;
    private readonly HashSet<ColumnSource> _read = [];

    public ReadableIndexes(ScanFacts facts, LineageCollector collector)
    {
        _sought = [.. facts.Decisive, .. facts.Last.Nulls, .. facts.Last.Known];
        foreach (var source in collector.Reads)
        {
            _read.Add(source);
            // A column of a view is read from where it comes.
            if (source.Relation.Kind is RelationKind.View && source.Relation.PlaceOf(source.Column.Number) is >= 0 and var place)
                _read.UnionWith(source.Relation.Shape.Columns[place].Flow.Sources.Columns);
        }
        _read.UnionWith(_sought);
    }

    /// <summary>Each with the only column that is needed, where it is read for nothing but to hold that one: of itself its order says nothing. Else 0.</summary>
    public IReadOnlyList<(CatalogueIndex Index, short Alone)> Of(CatalogueRelation table)
    {
        if (_known.TryGetValue(table, out var found))
            return found;
        var readable = new List<(CatalogueIndex, short)>();
        var used = table.Columns.Where(column => _read.Contains(new ColumnSource(table, column)) || RowKeys.Comes(table, column, _read)).ToList();
        if (used.Exists(Tells))
        {
            var sought = used.FindAll(column => RowKeys.Comes(table, column, _sought));
            foreach (var index in table.Indexes)
                if (sought.Exists(column => index.IsChosenBy(column.Number)))
                    readable.Add((index, 0));
                else if (used.TrueForAll(column => index.Holds(column.Number)))
                    readable.Add((index, used is [var only] ? only.Number : (short)0));
        }
        _known.Add(table, readable);
        return readable;
    }

    /// <summary>Whether an order tells something of this column: of what every profile hides whole, in rows that show nothing else, it does not.</summary>
    private static bool Tells(CatalogueColumn column) =>
        !column.IsPhi || column.Class is IdentifierClass.Date or IdentifierClass.Age or IdentifierClass.ZipCode or IdentifierClass.City or IdentifierClass.Geographic;
}
