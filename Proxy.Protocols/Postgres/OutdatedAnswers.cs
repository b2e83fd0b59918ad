using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Policy;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Answers whose columns come from relations that are newer than the catalogue: another session made them a moment ago. Such an answer waits once for
/// a refresh and is then judged again. Used by the reply relay.
/// </summary>
internal sealed class OutdatedAnswers(IStatementJudge judge)
{
    private Judgement? _waitedWith;

    /// <summary>Whether this answer has to wait; the second time it is asked about the same judgement, the answer is no, and the judgement a newer one.</summary>
    public bool MustWait(ref Judgement judgement, ReadOnlySpan<byte> described)
    {
        if (ReferenceEquals(_waitedWith, judgement))
        {
            _waitedWith = null; // It would keep an old catalogue alive.
            judgement = Renewed(judgement);
            return false;
        }
        if (!ResultPlanning.TryDecode(described, out var columns) || !judgement.IsOutdatedBy(columns)) return false;
        _waitedWith = judgement;
        return true;
    }

    /// <summary>The same text under the newer catalogue. What would be refused by now has run already: it stays masked as unknown relations are.</summary>
    private Judgement Renewed(Judgement judgement)
    {
        foreach (var reading in judgement.Analysis.Statements)
            if (reading.RunsNamed)
                return judgement;
        var renewed = judge.Judge(judgement.Analysis, new NothingNamed(judgement.Overlay));
        return renewed.Decision.IsForwarded ? renewed : judgement;
    }

    private sealed class NothingNamed(SessionOverlay overlay) : INamedStatements
    {
        public SessionOverlay Overlay => overlay;

        public RiskAssessment? Prepared(string name) => null;

        public RiskAssessment? Cursor(string name) => null;
    }
}
