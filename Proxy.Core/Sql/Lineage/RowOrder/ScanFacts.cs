using System.Collections.Immutable;
using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>What a query reads that PHI sorts, and what it does with the order. Immutable.</summary>
internal sealed record ScanFacts
{
    /// <summary>Every relation that was read and has indexes sorted by PHI, also where the order of its rows is gone.</summary>
    public required ImmutableArray<CatalogueRelation> Sorted { get; init; }

    /// <summary>All relations that are read at one place alone, and of which an outer join makes no rows of NULLs: a key tells their rows apart.</summary>
    public required ImmutableArray<CatalogueRelation> Single { get; init; }

    /// <summary>Relations that are read at several places: no order says which of their rows is meant. Nothing else here is said of their columns.</summary>
    public required ImmutableHashSet<CatalogueRelation> Repeated { get; init; }

    /// <summary>Whether any of the relations may be read at more than one place.</summary>
    public required bool IsRepeated { get; init; }

    /// <summary>Whether there was more than is looked at: then every order counts.</summary>
    public required bool IsBeyond { get; init; }

    /// <summary>Columns that decide about rows in any way, PHI or not: a server may look for them in an index.</summary>
    public required ImmutableArray<ColumnSource> Decisive { get; init; }

    /// <summary>Where the order of rows decides something.</summary>
    public required ImmutableArray<OrderedChoice> Choices { get; init; }

    /// <summary>What holds of the query's own rows.</summary>
    public required ScanSnapshot Last { get; init; }

    /// <summary>By what the query's own rows are ordered.</summary>
    public required ImmutableArray<ColumnSource> Order { get; init; }
}
