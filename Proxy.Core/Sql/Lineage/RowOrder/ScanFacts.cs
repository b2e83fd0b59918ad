using System.Collections.Immutable;
using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>What a query reads that PHI sorts, and what it does with the order. Immutable.</summary>
internal sealed record ScanFacts
{
    /// <summary>Tables and materialised views with indexes sorted by PHI, as far as the order of their rows is not gone.</summary>
    public required ImmutableArray<CatalogueRelation> Shown { get; init; }

    /// <summary>All relations that are read at one place alone, and of which an outer join makes no rows of NULLs: a key tells their rows apart.</summary>
    public required ImmutableArray<CatalogueRelation> Single { get; init; }

    /// <summary>Whether one of the tables is read at more than one place, so that no order says which of its rows is meant.</summary>
    public required bool IsRepeated { get; init; }

    /// <summary>Columns that decide about rows in any way, PHI or not: a server may look for them in an index.</summary>
    public required ImmutableArray<ColumnSource> Decisive { get; init; }

    /// <summary>Columns that are NULL in every row.</summary>
    public required ImmutableArray<ColumnSource> Nulls { get; init; }

    /// <summary>Columns that have one value in every row, which the client says.</summary>
    public required ImmutableArray<ColumnSource> Pinned { get; init; }

    /// <summary>Columns that have one of several values in every row, which the client says; <see cref="Pinned"/> are among them.</summary>
    public required ImmutableArray<ColumnSource> Known { get; init; }

    /// <summary>Where the first is known, so is the second.</summary>
    public required ImmutableArray<(ColumnSource From, ColumnSource To)> Equal { get; init; }

    /// <summary>Where the order of rows decides something.</summary>
    public required ImmutableArray<OrderedChoice> Choices { get; init; }

    /// <summary>By what the query's own rows are ordered.</summary>
    public required ImmutableArray<ColumnSource> Order { get; init; }
}
