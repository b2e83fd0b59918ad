using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Retention;

/// <summary>
/// Erases what is sealed in old segments (statement texts, parameters, answers: the PHI of a journal) by erasing their data keys, from the oldest on, and
/// only after a signed record says so. Who did what, when, to whose records, stays, and still verifies. What is not what was signed is left as it is.
/// </summary>
/// <param name="directory">Of the journal.</param>
/// <param name="journal">The same, open.</param>
/// <param name="time">The clock.</param>
public sealed class ContentErasure(string directory, IJournal journal, TimeProvider time)
{
    /// <param name="keep">How old the newest record of a segment must be.</param>
    /// <param name="lastPermitted">The last segment that may be changed, e.g. since it has been shipped.</param>
    /// <param name="cancellation">Breaks off, at a point where nothing is half done.</param>
    /// <returns>Of how many segments the keys were erased.</returns>
    /// <exception cref="JournalFormatException">What would be erased is not what was signed.</exception>
    /// <exception cref="IOException">The record cannot be written or is not signed, or a file cannot be written to.</exception>
    public async Task<int> RunAsync(TimeSpan keep, long lastPermitted, CancellationToken cancellation)
    {
        List<long> segments = SegmentFileName.Numbers(directory);
        int first = segments.FindIndex(number => !IsErased(number));
        if (first < 0 || !File.Exists(new HeadFile(directory).Path))
            return 0;
        if (first > 0)
            FinishInterrupted(segments[first - 1]);
        var dueSegments = new DueSegments(directory, Math.Min(lastPermitted, segments[^1] - 1), time.GetUtcNow() - keep);
        if (!dueSegments.MayBe(segments[first]))
            return 0;
        using var walk = new SignedWalk(directory);
        if (!TryBegin(walk, segments, first))
            return 0;
        List<WalkedSegment> due = dueSegments.Find(walk, segments.Skip(first), cancellation);
        if (due.Count == 0 || !walk.IsComparedBehind(due[^1], segments))
            return 0;
        long record = await RecordAsync(due, keep, cancellation);
        if (!await SignedRecord.WhenAsync(directory, record, time, cancellation))
            throw new IOException("Nothing is erased: the record of it is not signed.");
        foreach (WalkedSegment segment in due)
            SegmentHeader.EraseKey(SegmentFileName.Of(directory, segment.Number), segment.HeaderHash);
        return due.Count;
    }

    /// <summary>The chain behind the last segment that stays as it is: it is known where a key was erased, behind a purge, and at the beginning.</summary>
    private bool TryBegin(SignedWalk walk, List<long> segments, int first)
    {
        if (first > 0)
        {
            walk.BeginWithErased(segments[first - 1]);
            return segments[first] == segments[first - 1] + 1;
        }
        if (segments[0] == 1)
            return walk.TryBegin(purged: null);
        return PurgedBeginning.Find(directory, segments) is { } purged && purged.Purge.LastSegment == segments[0] - 1 && walk.TryBegin(purged);
    }

    private async Task<long> RecordAsync(List<WalkedSegment> due, TimeSpan keep, CancellationToken cancellation)
    {
        if (!TryRecord(due, keep, out long number) || !await journal.WhenDurableAsync(number, cancellation))
            throw new IOException("Nothing is erased: the journal takes no record of it.");
        return number;
    }

    private bool TryRecord(List<WalkedSegment> due, TimeSpan keep, out long number)
    {
        var record = new ContentErasedRecord
        {
            FirstSegment = due[0].Number,
            LastSegment = due[^1].Number,
            FirstRecord = due[0].FirstRecord,
            LastRecord = due[^1].LastRecord,
            Newest = due.Max(segment => segment.Newest),
            Headers = due.SelectMany(segment => segment.HeaderDigestWithoutKey).ToArray(),
            Rule = $"content older than {keep.TotalDays:0.##} days",
        };
        return journal.TryAppend(in record, out number);
    }

    private bool IsErased(long number) => !SegmentHeader.EntryHashOf(PageOf(number)).IsEmpty;

    /// <summary>A crash may have come between the hash and the key.</summary>
    private void FinishInterrupted(long number)
    {
        byte[] page = PageOf(number);
        byte[] erased = [.. page];
        SegmentHeader.EraseKeyOf(erased, SegmentHeader.EntryHashOf(page));
        if (!page.AsSpan().SequenceEqual(erased))
            SegmentHeader.EraseKey(SegmentFileName.Of(directory, number), SegmentHeader.EntryHashOf(page));
    }

    private byte[] PageOf(long number) => SegmentHeader.PageOf(SegmentFileName.Of(directory, number));
}
