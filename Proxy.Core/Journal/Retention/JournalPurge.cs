using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Retention;

/// <summary>
/// Deletes the segments whose time is over, from the oldest on, and only after the journal says so: the record must be signed before the first file
/// goes. Documentation whose time is longer is written anew before, with the proof of each record. What is not what was signed is never deleted. Reads whole
/// segments: not for a thread that anybody waits for.
/// </summary>
/// <param name="directory">Of the journal.</param>
/// <param name="journal">The same, open.</param>
/// <param name="time">The clock.</param>
/// <param name="sealing">Unwraps the keys of segments, so that what is sealed in documentation can be read behind a purge; null leaves it unreadable.</param>
public sealed class JournalPurge(string directory, IJournal journal, TimeProvider time, IKeyEncryptionKey? sealing = null)
{
    /// <param name="rule">What goes.</param>
    /// <param name="lastPermitted">The last segment that may go, e.g. since it has been shipped.</param>
    /// <param name="cancellation">Breaks off, at a point where nothing is half done.</param>
    /// <returns>How many segments were deleted: at most 1,024 at once.</returns>
    /// <exception cref="JournalFormatException">What would be deleted is not what was signed.</exception>
    /// <exception cref="IOException">The record cannot be written or is not signed, or a file cannot be deleted.</exception>
    public async Task<int> RunAsync(PurgeRule rule, long lastPermitted, CancellationToken cancellation)
    {
        List<long> segments = SegmentFileName.Numbers(directory);
        PurgedBeginning? before = PurgedBeginning.Find(directory, segments);
        if (segments.Count == 0 || (before is null ? segments[0] != 1 : !before.TryRestore(new EntryChain())))
            return 0;
        int deleted = await FinishInterruptedAsync(before, segments, cancellation);
        long first = (before?.Purge.LastSegment ?? 0) + 1;
        DateTimeOffset now = time.GetUtcNow();
        // The last one stays in any case: a journal must have a segment to go on from.
        var dueSegments = new DueSegments(directory, Math.Min(lastPermitted, segments[^1] - 1), now - rule.Keep);
        if (!segments.Contains(first) || !dueSegments.MayBe(first))
            return deleted;
        DocumentationCollector? documentation = rule.KeepDocumentation is { } longer && longer > rule.Keep ? new DocumentationCollector(now - longer) : null;
        using var walk = new SignedWalk(directory, documentation);
        // Those that are there now: what the heads of the walk speak of is in them.
        segments = SegmentFileName.Numbers(directory);
        if (!walk.TryBegin(before))
            return deleted;
        List<WalkedSegment> due = dueSegments.Find(walk, segments.Where(number => number >= first), cancellation);
        if (due.Count == 0 || due[0].Number != first || !IsWorthIt(due, rule) || !walk.IsComparedBehind(due[^1], segments))
            return deleted;
        DocumentationEntry[] kept = [.. (documentation?.Entries ?? []).Where(entry => entry.Segment <= due[^1].Number)];
        await new DocumentationKeeper(directory, journal, sealing, rule.KeepContent is { } content ? now - content : DateTimeOffset.MinValue).KeepAsync(kept, cancellation);
        await RequireSignedAsync(await RecordAsync(due, rule.Describe(kept.Length), cancellation), cancellation);
        return deleted + Delete(due.Select(static segment => segment.Number));
    }

    /// <summary>What an earlier record names and is still there: that run may have been interrupted, or may have waited for a signature in vain.</summary>
    private async Task<int> FinishInterruptedAsync(PurgedBeginning? before, List<long> segments, CancellationToken cancellation)
    {
        if (before is null || segments[0] > before.Purge.LastSegment)
            return 0;
        await RequireSignedAsync(before.Number, cancellation);
        return Delete(segments.Where(number => number <= before.Purge.LastSegment));
    }

    private async Task RequireSignedAsync(long record, CancellationToken cancellation)
    {
        if (!await SignedRecord.WhenAsync(directory, record, time, cancellation))
            throw new IOException("Nothing is purged: the record of it is not signed.");
    }

    private bool IsWorthIt(List<WalkedSegment> due, PurgeRule rule)
    {
        if (rule.Step == default || due.Count == DueSegments.Max)
            return true;
        string path = SegmentFileName.Of(directory, due[0].Number);
        return due[^1].Newest.UtcTicks - SegmentHeader.Read(SegmentHeader.PageOf(path), path).CreatedTicks >= rule.Step.Ticks;
    }

    private async Task<long> RecordAsync(List<WalkedSegment> due, string rule, CancellationToken cancellation)
    {
        if (!TryRecord(due, rule, out long number) || !await journal.WhenDurableAsync(number, cancellation))
            throw new IOException("Nothing is purged: the journal takes no record of it.");
        return number;
    }

    private bool TryRecord(List<WalkedSegment> due, string rule, out long number)
    {
        WalkedSegment last = due[^1];
        var record = new PurgedRecord
        {
            FirstSegment = due[0].Number,
            LastSegment = last.Number,
            FirstRecord = due[0].FirstRecord,
            LastRecord = last.LastRecord,
            Newest = due.Max(static segment => segment.Newest),
            Entries = last.Entries,
            Chain = last.Chain,
            Edge = last.Edge,
            Rule = rule,
        };
        return journal.TryAppend(in record, out number);
    }

    /// <summary>The oldest first: whatever interrupts it, the rest is one piece.</summary>
    private int Delete(IEnumerable<long> numbers)
    {
        int deleted = 0;
        foreach (long number in numbers)
        {
            File.Delete(SegmentFileName.Of(directory, number));
            deleted++;
        }
        return deleted;
    }
}
