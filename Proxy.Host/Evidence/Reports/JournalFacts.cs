using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Verification;
using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Evidence.Reports;

/// <summary>The facts of a period from the journal itself, through its index.</summary>
internal static class JournalFacts
{
    /// <param name="directory">Of the journal.</param>
    /// <param name="query">What to take; its limit is not looked at.</param>
    /// <param name="publicKey">With which signatures are checked; null checks nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public static AuditFacts Load(string directory, StatementQuery query, HeadVerificationKey? publicKey, CancellationToken cancellationToken)
    {
        var (from, to) = (query.From ?? DateTimeOffset.MinValue, query.To ?? DateTimeOffset.MaxValue);
        using var index = AuditIndex.Open(directory, AuditIndex.DefaultPathFor(directory), cancellationToken);
        var isWhole = query == new StatementQuery { From = query.From, To = query.To, Limit = query.Limit };
        StatementRow[] statements = [.. index.Search(query with { Limit = -1 }).Reverse()];
        var kept = isWhole ? null : statements.Select(static row => row.Session).ToHashSet(StringComparer.Ordinal);
        var numbers = isWhole ? null : statements.Select(static row => row.Number).ToHashSet();
        return new AuditFacts
        {
            Source = directory,
            From = from,
            To = to,
            Statements = statements,
            Sessions = [.. index.Sessions(from, to).Where(row => kept is null || kept.Contains(row.Session))],
            Events = index.Events(from, to),
            Subjects = [.. index.Subjects(from, to).Where(row => numbers is null || numbers.Contains(row.Statement))],
            Reads = ReadsOf(directory, from, to, cancellationToken),
            Integrity = publicKey is null ? [] : Verify(directory, publicKey, cancellationToken),
            Filter = isWhole ? "" : query.Describe(),
        };
    }

    private static IReadOnlyList<EventRow> ReadsOf(string directory, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var reads = AuditReads.DirectoryFor(directory);
        if (!Directory.Exists(reads)) return [];
        using var index = AuditIndex.Open(reads, AuditIndex.DefaultPathFor(reads), cancellationToken);
        // A review of the period comes after it.
        return [.. index.Events(DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Where(row => row.Kind == "review" || (row.Time >= from.UtcDateTime && row.Time < to.UtcDateTime))];
    }

    private static IReadOnlyList<IntegrityFinding> Verify(string directory, HeadVerificationKey publicKey, CancellationToken cancellationToken)
    {
        var report = JournalVerifier.Run(directory, [publicKey], [], progress: null, cancellationToken);
        return
        [
            new IntegrityFinding("records, chain, tree and heads", report.IsUntouched ? $"{report.Records} records, {report.Heads} heads agree" : $"{report.Findings.Length} findings", report.IsUntouched),
            .. report.Findings.Take(20).Select(static finding => new IntegrityFinding("finding", finding.ToString(), Holds: false)),
            new IntegrityFinding("signed", report.SignedTo is { } head ? $"to record {head.LastRecord} by the key {publicKey.Id}" : "nothing", report.SignedTo is not null),
            new IntegrityFinding("statements of unknown outcome", ReportTexts.Number(report.UnknownOutcomes.Length), Holds: true),
            new IntegrityFinding("places that a crash tore", ReportTexts.Number(report.Explained.Length), Holds: true),
        ];
    }
}
