using System.Collections.Immutable;
using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>What holds of the rows at one point of a statement. Immutable, and shared by all choices that are made there.</summary>
internal sealed record ScanSnapshot
{
    /// <summary>Tables and materialised views with indexes sorted by PHI, as far as the order of their rows is not gone.</summary>
    public required ImmutableArray<CatalogueRelation> Shown { get; init; }

    /// <summary>Columns that are NULL in every row.</summary>
    public required ImmutableArray<ColumnSource> Nulls { get; init; }

    /// <summary>Columns that have one value in every row, which the client says.</summary>
    public required ImmutableArray<ColumnSource> Pinned { get; init; }

    /// <summary>Columns that have one of several values in every row, which the client says; <see cref="Pinned"/> are among them.</summary>
    public required ImmutableArray<ColumnSource> Known { get; init; }

    /// <summary>Where the first is known, so is the second.</summary>
    public required ImmutableArray<(ColumnSource From, ColumnSource To)> Equal { get; init; }

    /// <summary>The same without what is said of columns of some tables.</summary>
    /// <param name="isRepeated">Those that are read at several places: what is said is said of one.</param>
    /// <param name="isUncertain">Those and others of which one place is read several times: which values there are is the same each time, which one is not.</param>
    public ScanSnapshot Without(Predicate<CatalogueRelation> isRepeated, Predicate<CatalogueRelation> isUncertain) => this with
    {
        Nulls = Nulls.RemoveAll(column => isRepeated(column.Relation)),
        Pinned = Pinned.RemoveAll(column => isUncertain(column.Relation)),
        Known = Known.RemoveAll(column => isRepeated(column.Relation)),
        Equal = Equal.RemoveAll(pair => isUncertain(pair.From.Relation) || isUncertain(pair.To.Relation)),
    };
}
