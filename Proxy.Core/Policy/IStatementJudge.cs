using Proxy.Core.Policy.Budgets;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>Decides for one session: its principal and target are fixed, policy and catalogue are the newest at each call. Thread-safe.</summary>
public interface IStatementJudge
{
    /// <summary>Never throws for what a client sent; a stale catalogue or an unreadable text is a refusal.</summary>
    /// <param name="analysis">The text.</param>
    /// <param name="names">What EXECUTE and FETCH would run.</param>
    Judgement Judge(StatementAnalysis analysis, INamedStatements names);

    /// <summary>Waits for a newer catalogue, but not for long.</summary>
    Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What was judged so is about to be sent. Where it changes what all sessions see, their answers wait until the catalogue shows it.</summary>
    void Runs(Judgement judgement)
    {
    }

    /// <summary>Nothing is under way any more, and the session is between transactions or within one. At its end it is to be called once more.</summary>
    void Settle(bool isInTransaction)
    {
    }

    /// <summary>The moment now, if a name may mean another thing than the catalogue says; null where that is certain.</summary>
    long? DoubtedAt => null;

    /// <summary>Whether the catalogue was confirmed at that moment or later.</summary>
    bool IsConfirmedSince(long moment) => true;

    /// <summary>Whether there is a newer catalogue than the one that it was judged by, and it differs in something that the text can touch.</summary>
    bool IsOutdated(Judgement judgement) => false;

    /// <summary>
    /// The same, where the text was judged before: what has not changed stands, and need not be judged again. <paramref name="earlier"/> may be
    /// outdated, or null.
    /// </summary>
    Judgement Judge(StatementAnalysis analysis, INamedStatements names, Judgement? earlier) => Judge(analysis, names);

    /// <summary>
    /// Whether a judgement made earlier is still what <see cref="Judge(StatementAnalysis, INamedStatements)"/> would say: same policy, same catalogue,
    /// catalogue fresh, same relations of the session.
    /// </summary>
    bool IsCurrent(Judgement judgement, INamedStatements names);

    /// <summary>What the session's identity may still use up; null where nothing is counted.</summary>
    SessionBudget? Budget => null;

    /// <summary>Who and where the session is, and by which rules, for whoever asks: names and values for people.</summary>
    IReadOnlyList<KeyValuePair<string, string>> DescribeSession() => [];
}
