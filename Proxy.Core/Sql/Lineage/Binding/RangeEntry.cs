using System.Collections.Immutable;
using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage.Binding;

/// <summary>Something in FROM that can be named.</summary>
internal sealed class RangeEntry
{
    /// <summary>The alias, or the relation's name; null where it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The schema as written, when there is no alias: then s.t.c names it, too.</summary>
    public string? Schema { get; init; }
    public required RowShape Shape { get; set; }

    /// <summary>The relations that it can be, when it is one: naming its columns reads theirs.</summary>
    public ImmutableArray<CatalogueRelation> Relations { get; init; } = [];

    /// <summary>Names given by AS t (a, b), behind which the relation's own columns stand.</summary>
    public ImmutableArray<string> ColumnAliases { get; init; } = [];

    /// <summary>For the alias of a join: what stands behind the columns of the shape, in order.</summary>
    public ImmutableArray<VisibleColumn> Joined { get; init; } = [];

    public bool IsRelation => !Relations.IsEmpty;

    /// <summary>Notes that the column of this name, as the entry calls it, is read.</summary>
    public void Read(string name, LineageCollector collector)
    {
        foreach (var relation in Relations)
        {
            var place = ColumnAliases.IsDefaultOrEmpty ? -1 : ColumnAliases.IndexOf(name);
            var column = place >= 0 ? place < relation.Columns.Length ? relation.Columns[place] : null : relation.Column(name);
            if (column is not null)
                collector.Read(new ColumnSource(relation, column));
        }
        for (var i = 0; i < Joined.Length; i++)
            if (Shape.IsOpen || string.Equals(Shape.Columns[i].Name, name, StringComparison.Ordinal))
                Joined[i].Entry?.Read(Joined[i].Name, collector);
    }

    /// <summary>Notes that everything is read for which a star stands.</summary>
    public void ReadAll(LineageCollector collector)
    {
        foreach (var relation in Relations)
            foreach (var column in relation.Columns)
                if (!column.IsInvisible)
                    collector.Read(new ColumnSource(relation, column));
        foreach (var column in Joined)
            column.Entry?.Read(column.Name, collector);
    }
}
