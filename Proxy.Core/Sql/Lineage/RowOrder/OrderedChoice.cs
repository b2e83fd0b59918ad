using System.Collections.Immutable;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>The order of rows decides something: which of them there are, which number one gets, or how they are put together.</summary>
/// <param name="Order">By what they are ordered there.</param>
/// <param name="At">What holds of them by then; what is asked of the rows that were chosen comes too late.</param>
internal readonly record struct OrderedChoice(ImmutableArray<ColumnSource> Order, ScanSnapshot At);
