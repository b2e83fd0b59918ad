using Proxy.Core.Catalogue;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>
/// Whether one session may be committing what others see by names at this moment, said to the target's catalogue. While its transaction is open nobody
/// sees the change: then it is only remembered, up to the COMMIT. Not thread-safe; the session's ledger guards it.
/// </summary>
internal sealed class SharedChange(ICatalogueSource catalogues)
{
    private bool _isUnderWay;
    private bool _isUncommitted;

    public void Runs(Judgement judgement)
    {
        if (_isUnderWay || !(judgement.ChangesShared || (_isUncommitted && Commits(judgement.Analysis)))) return;
        _isUnderWay = true;
        catalogues.BeginChange();
    }

    /// <summary>All that was sent has been answered.</summary>
    public void Settle(bool isInTransaction)
    {
        _isUncommitted = isInTransaction && (_isUncommitted || _isUnderWay);
        if (!_isUnderWay) return;
        _isUnderWay = false;
        catalogues.EndChange(isCommitted: !isInTransaction);
    }

    private static bool Commits(StatementAnalysis analysis)
    {
        foreach (var reading in analysis.Statements)
            if (reading.Kind is StatementKind.Commit or StatementKind.PrepareTransaction)
                return true;
        return false;
    }
}
