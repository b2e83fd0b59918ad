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

    /// <exception cref="IOException">It could not be recorded, so that nothing may be read.</exception>
    public static async Task RecordAsync(
        string journalDirectory, string keyDirectory, string command, string arguments, bool isUnsealed, TimeProvider time, CancellationToken cancellationToken)
    {
        using var keys = JournalKeyDirectory.Open(keyDirectory);
        var options = new JournalOptions
        {
            Directory = DirectoryFor(journalDirectory),
            SegmentBytes = SegmentBytes,
            Evidence = new JournalEvidence { SealingKey = keys.Sealing, Signer = keys.Signer },
        };
        await using var journal = await OpenAsync(options, time, cancellationToken);
        var read = new AuditReadRecord
        {
            Reader = $"{Environment.UserName}@{Environment.MachineName}",
            Command = command,
            IsUnsealed = isUnsealed,
            Arguments = arguments.AsSpan(0, Math.Min(arguments.Length, ArgumentCharactersMax)),
        };
        if (!journal.TryAppend(in read, out _))
            throw new IOException($"reading the audit could not be recorded in {options.Directory}");
    }

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
