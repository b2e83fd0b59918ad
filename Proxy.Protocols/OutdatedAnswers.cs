using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Policy;
using Proxy.Core.Sql;

namespace Proxy.Protocols;

/// <summary>
/// Answers that are newer than the catalogue: of relations that another session made a moment ago, and all answers while another session may be putting
/// something else behind a name, as CREATE OR REPLACE VIEW does. Such an answer waits once for a refresh and is then judged again. Used by the reply relay.
/// </summary>
internal sealed class OutdatedAnswers(IStatementJudge judge)
{
    private Judgement? _waitedWith;
    private long? _doubtedAt;

    /// <summary>Whether this answer has to wait; the second time it is asked about the same judgement, the answer is no, and the judgement a newer one.</summary>
    /// <param name="judgement">By which it would be masked.</param>
    /// <param name="hasUnknownColumns">Whether the answer has columns that the catalogue of the judgement does not know, see <see cref="Judgement.IsOutdatedBy"/>.</param>
    public bool MustWait(ref Judgement judgement, bool hasUnknownColumns)
    {
        if (ReferenceEquals(_waitedWith, judgement))
        {
            _waitedWith = null; // It would keep an old catalogue alive.
            judgement = _doubtedAt is { } moment && !judge.IsConfirmedSince(moment) ? judgement.Withheld() : Renewed(judgement);
            return false;
        }
        _doubtedAt = judge.DoubtedAt is { } now && NamesAnything(judgement) ? now : null;
        if (_doubtedAt is null && !hasUnknownColumns)
        {
            if (judge.IsOutdated(judgement) && NamesAnything(judgement)) judgement = Renewed(judgement);
            return false;
        }
        _waitedWith = judgement;
        return true;
    }

    private static bool NamesAnything(Judgement judgement)
    {
        foreach (var reading in judgement.Analysis.Statements)
            if (NamesAnything(reading))
                return true;
        return false;
    }

    /// <summary>
    /// Not relations alone: the body of a function reads some, and a function, an operator or a cast that somebody makes now can come before the server's
    /// own of that name, because its arguments fit better.
    /// </summary>
    private static bool NamesAnything(StatementReading reading) =>
        reading.RunsNamed || !reading.Relations.IsEmpty || !reading.Functions.IsEmpty || !reading.Operators.IsEmpty || !reading.Types.IsEmpty
        || (reading.Inner is { } inner && NamesAnything(inner));

    /// <summary>
    /// The same text under the newer catalogue. What would be refused by now has run already: nothing of it is shown. What runs by name is judged as
    /// something unknown, which shows nothing but to those who see everything.
    /// </summary>
    private Judgement Renewed(Judgement judgement)
    {
        if (!judge.IsOutdated(judgement)) return judgement;
        var renewed = judge.Judge(judgement.Analysis, new NothingNamed(judgement.Overlay), judgement);
        return renewed.Decision.IsForwarded ? renewed : judgement.Withheld();
    }

    private sealed class NothingNamed(SessionOverlay overlay) : INamedStatements
    {
        public SessionOverlay Overlay => overlay;

        public RiskAssessment? Prepared(string name) => null;

        public RiskAssessment? Cursor(string name) => null;
    }
}
