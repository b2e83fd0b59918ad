using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;

namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>
/// Compares a server's own log with the journal. A statement of the log has come through the gateway when the journal has an intent or execution with
/// exactly its text, not longer before or after than clocks differ, that no other line of the log has taken; and, where the log shows the session's id that
/// the gateway put into the application name, of that session. Keeps digests of texts, not texts.
/// </summary>
public sealed class Reconciler
{
    /// <summary>What the gateway's own look at the catalogue calls itself.</summary>
    internal const string CatalogueApplication = "phigate catalogue";

    private readonly Dictionary<UInt128, List<Candidate>> _byText = [];
    private readonly TimeSpan _tolerance;

    private Reconciler(TimeSpan tolerance) => _tolerance = tolerance;

    /// <param name="directory">Of the journal.</param>
    /// <param name="keys">Opens the texts; null for a journal that is not sealed.</param>
    /// <param name="target">Statements to this target; null for all.</param>
    /// <param name="tolerance">How far the clocks of gateway and server may be apart, and how long a statement waits between the two.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Reconciler Load(string directory, SegmentKeyRing? keys, string? target, TimeSpan tolerance, CancellationToken cancellationToken)
    {
        var reconciler = new Reconciler(tolerance);
        using var reader = new JournalReader(directory, keys: keys);
        var sessions = new HashSet<Guid>();
        var texts = new Dictionary<long, UInt128>();
        var byNumber = new Dictionary<long, Candidate>();
        while (reader.Read() is var step and not JournalReadResult.End)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step is not JournalReadResult.Record) continue;
            switch (RecordDecoder.Decode(reader.Entry))
            {
                case DecodedSessionOpened opened when target is null || opened.Target == target:
                    sessions.Add(opened.SessionId);
                    break;
                case DecodedIntent intent when sessions.Contains(intent.SessionId) || target is null:
                    texts[reader.Entry.Number] = DigestOf(intent.Text);
                    if (intent.Phase is IntentPhase.SimpleQuery)
                        reconciler.Add(byNumber, texts[reader.Entry.Number], new Candidate(reader.Entry.Number, intent.SessionId, reader.Entry.Time));
                    break;
                case DecodedExecution execution when texts.TryGetValue(execution.IntentNumber, out var text):
                    reconciler.Add(byNumber, text, new Candidate(reader.Entry.Number, execution.SessionId, reader.Entry.Time));
                    break;
                case DecodedOutcome outcome when byNumber.TryGetValue(outcome.Statement, out var candidate):
                    candidate.HasRun |= outcome.Status is OutcomeStatus.Completed or OutcomeStatus.Suspended;
                    break;
                default:
                    break;
            }
        }
        return reconciler;
    }

    /// <param name="log">What the server ran, in its order.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ReconciliationReport> CompareAsync(IAsyncEnumerable<ServerStatement> log, CancellationToken cancellationToken)
    {
        var onlyAtServer = new List<ServerStatement>();
        var (matched, own) = (0L, 0L);
        var (first, last) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        await foreach (var statement in log.WithCancellation(cancellationToken))
        {
            first = statement.Time < first ? statement.Time : first;
            last = statement.Time > last ? statement.Time : last;
            if (TryTake(statement)) matched++;
            else if (statement.Application == CatalogueApplication) own++;
            else onlyAtServer.Add(statement);
        }
        return new ReconciliationReport { Matched = matched, Own = own, OnlyAtServer = onlyAtServer, OnlyInJournal = LeftOver(first, last) };
    }

    private bool TryTake(ServerStatement statement)
    {
        if (!_byText.TryGetValue(DigestOf(Encoding.UTF8.GetBytes(statement.Text)), out var candidates)) return false;
        var named = SessionIn(statement.Application);
        foreach (var candidate in candidates)
        {
            if (candidate.IsTaken || (candidate.Time - statement.Time).Duration() > _tolerance || (named is { } session && session != candidate.Session)) continue;
            return candidate.IsTaken = true;
        }
        return false;
    }

    /// <summary>The session that the gateway has put in front of the application name; null where a client has changed it, or the log does not show it.</summary>
    private static Guid? SessionIn(string application) => Guid.TryParseExact(application.Split(' ')[0], "N", out var session) ? session : null;

    /// <summary>What ran, as its outcome says, while the log was being written, and is not in it.</summary>
    private long[] LeftOver(DateTimeOffset first, DateTimeOffset last) =>
    [
        .. _byText.Values.SelectMany(static candidates => candidates)
            .Where(candidate => candidate is { HasRun: true, IsTaken: false } && candidate.Time >= first && candidate.Time <= last)
            .Select(static candidate => candidate.Number).Order(),
    ];

    private void Add(Dictionary<long, Candidate> byNumber, UInt128 text, Candidate candidate)
    {
        if (!_byText.TryGetValue(text, out var candidates)) _byText[text] = candidates = [];
        candidates.Add(candidate);
        byNumber[candidate.Number] = candidate;
    }

    /// <summary>Servers cut white space at the end of a text differently; nothing else is theirs to change.</summary>
    private static UInt128 DigestOf(ReadOnlySpan<byte> text) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(text.TrimEnd(" \t\r\n\0"u8)));

    private sealed class Candidate(long number, Guid session, DateTimeOffset time)
    {
        public long Number => number;

        public Guid Session => session;

        public DateTimeOffset Time => time;

        public bool HasRun { get; set; }

        public bool IsTaken { get; set; }
    }
}
