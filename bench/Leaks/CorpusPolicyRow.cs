namespace Proxy.Bench.Leaks;

/// <summary>One row: words that may be names. Which of them are columns, the database knows.</summary>
/// <param name="IsPhi">From which of the two tables it is.</param>
/// <param name="Tables">As written, with a schema where one is given.</param>
/// <param name="AllColumns">Whether the row speaks of whole tables.</param>
/// <param name="Columns">Words outside the notes.</param>
/// <param name="Noted">Words of the notes; a column of a child that its parent lacks is only mentioned there.</param>
internal sealed record CorpusPolicyRow(
    bool IsPhi, IReadOnlyList<string> Tables, bool AllColumns, IReadOnlyList<string> Columns, IReadOnlyList<string> Noted);
