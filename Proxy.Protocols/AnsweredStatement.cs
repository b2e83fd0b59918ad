namespace Proxy.Protocols;

/// <summary>What a statement's answer was, for the record.</summary>
/// <param name="Record">Number of its Intent or Execution.</param>
/// <param name="StartedAt">When it was sent; 0 when it was not timed.</param>
/// <param name="RowsSent">Rows of its answer.</param>
/// <param name="Rows">The same, or, where it has none, how many it says that it wrote.</param>
/// <param name="Bytes">Of the rows, as the server sent them.</param>
/// <param name="MaskedColumns">Columns that were not shown as they are; -1 when all were masked because nothing was known about them.</param>
internal readonly record struct AnsweredStatement(long Record, long StartedAt, long RowsSent, long Rows, long Bytes, int MaskedColumns);
