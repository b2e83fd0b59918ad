using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;

namespace Proxy.Host.Evidence;

/// <summary>
/// The record of who read the audit: a journal of its own beside the one that is read (which its gateway may have open), under the same keys. It
/// can be verified like any other.
/// </summary>
internal static class AuditReads
{
    private const int SegmentBytes = 64 * 1024;
    private const int ArgumentCharactersMax = 4096;

    private static readonly TimeSpan InUsePatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    public static string DirectoryFor(string journalDirectory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(journalDirectory)) + "-reads";

    /// <summary>The account of the operating system, and the machine.</summary>
    private static string Account => $"{Environment.UserName}@{Environment.MachineName}";

    /// <exception cref="IOException">It could not be recorded, so that nothing may be read.</exception>
    public static async Task RecordAsync(
        string journalDirectory, JournalKeys keys, string command, string arguments, bool isUnsealed, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var journal = await OpenAsync(await OptionsForAsync(journalDirectory, keys, cancellationToken), time, cancellationToken);
        var read = new AuditReadRecord
        {
            Reader = Account,
            Command = command,
            IsUnsealed = isUnsealed,
            Arguments = arguments.AsSpan(0, Math.Min(arguments.Length, ArgumentCharactersMax)),
        };
        if (!journal.TryAppend(in read, out _))
            throw new IOException($"reading the audit could not be recorded in {DirectoryFor(journalDirectory)}");
    }

    /// <exception cref="IOException">It could not be recorded.</exception>
    public static async Task RecordReviewAsync(
        string journalDirectory, JournalKeys keys, ReviewSignature review, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var journal = await OpenAsync(await OptionsForAsync(journalDirectory, keys, cancellationToken), time, cancellationToken);
        var record = new ReviewRecord
        {
            Reviewer = review.Reviewer,
            Account = Account,
            From = review.From,
            To = review.To,
            FirstRecord = review.FirstRecord,
            LastRecord = review.LastRecord,
            Digest = review.Digest,
            Findings = review.Findings,
            Note = review.Note.AsSpan(0, Math.Min(review.Note.Length, ArgumentCharactersMax)),
        };
        if (!journal.TryAppend(in record, out _))
            throw new IOException($"the review could not be recorded in {DirectoryFor(journalDirectory)}");
    }

    private static async Task<JournalOptions> OptionsForAsync(string journalDirectory, JournalKeys keys, CancellationToken cancellationToken) => new()
    {
        Directory = DirectoryFor(journalDirectory),
        SegmentBytes = SegmentBytes,
        Evidence = new JournalEvidence { SealingKey = keys.OpenSealing(), Signer = await keys.OpenSignerAsync(cancellationToken) },
    };

    /// <summary>Somebody else may be reading at the same moment.</summary>
    private static async Task<MappedJournal> OpenAsync(JournalOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await MappedJournal.OpenAsync(options, time, cancellationToken);
            }
            catch (JournalInUseException) when (time.GetElapsedTime(since) < AnswerPatience)
            {
                await Task.Delay(InUsePatience, time, cancellationToken);
            }
        }
    }
}
