using Proxy.Core.Masking;

namespace Proxy.Core.Policy;

/// <summary>
/// The plan made last, for answers that come again with the same columns. What is asked for once is not kept, because most texts come once. Thread-safe.
/// </summary>
internal sealed class PlanMemory
{
    private volatile bool _wasAsked;
    private volatile Entry? _last;

    /// <summary>The same plan for the same statement, catalogue and columns; null where it has to be made.</summary>
    /// <param name="statement">Its index in the text.</param>
    /// <param name="catalogueVersion">Of the catalogue that a plan is made by.</param>
    /// <param name="columns">Of the answer.</param>
    public MaskPlan? Find(int statement, long catalogueVersion, ReadOnlySpan<ResultColumn> columns) =>
        _last is { } last && last.Statement == statement && last.CatalogueVersion == catalogueVersion && columns.SequenceEqual(last.Columns) ? last.Plan : null;

    public void Offer(int statement, long catalogueVersion, ReadOnlySpan<ResultColumn> columns, MaskPlan plan)
    {
        if (_wasAsked)
            _last = new Entry(statement, catalogueVersion, columns.ToArray(), plan);
        _wasAsked = true;
    }

    private sealed record Entry(int Statement, long CatalogueVersion, ResultColumn[] Columns, MaskPlan Plan);
}
