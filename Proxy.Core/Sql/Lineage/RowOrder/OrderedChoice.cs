using System.Collections.Immutable;
using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>The order of rows decides something: which of them there are, which number one gets, or how they are put together.</summary>
/// <param name="Order">By what they are ordered there.</param>
/// <param name="Among">Of which tables they are.</param>
/// <param name="Nulls">Columns that are NULL in every row by then; what is asked of the rows that were chosen comes too late.</param>
/// <param name="Pinned">The same of <see cref="ScanFacts.Pinned"/>.</param>
/// <param name="Known">The same of <see cref="ScanFacts.Known"/>.</param>
/// <param name="Equal">The same of <see cref="ScanFacts.Equal"/>.</param>
internal readonly record struct OrderedChoice(
    ImmutableArray<ColumnSource> Order, ImmutableArray<CatalogueRelation> Among, ImmutableArray<ColumnSource> Nulls, ImmutableArray<ColumnSource> Pinned,
    ImmutableArray<ColumnSource> Known, ImmutableArray<(ColumnSource From, ColumnSource To)> Equal);
