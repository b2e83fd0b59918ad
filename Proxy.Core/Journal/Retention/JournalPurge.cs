using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Retention;

/// <summary>
/// Deletes the segments whose time is over, from the oldest on, and only after the journal says so: the record must be signed before the first file
/// goes. What is not what was signed is never deleted. Reads whole segments: not for a thread that anybody waits for.
/// </summary>
/// <param name="directory">Of the journal.</param>
/// <param name="journal">The same, open.</param>
/// <param name="time">The clock.</param>
public sealed class JournalPurge(string directory, IJournal journal, TimeProvider time)
{
    /// <param name="keep">How old the newest record of a segment must be.</param>
    /// <param name="lastPermitted">The last segment that may go, e.g. since it has been shipped.</param>
    /// <param name="cancellation">Breaks off, at a point where nothing is half done.</param>
    /// <returns>How many segments were deleted.</returns>
    /// <exception cref="JournalFormatException">What would be deleted is not what was signed.</exception>
    /// <exception cref="IOException">The record cannot be written or is not signed, or a file cannot be deleted.</exception>
    public async Task<int> RunAsync(TimeSpan keep, long lastPermitted, CancellationToken cancellation)
    {
        List<long> segments = SegmentFileName.Numbers(directory);
        var chain = new EntryChain();
        PurgedBeginning? before = PurgedBeginning.Find(directory, segments);
        if (segments.Count == 0 || (before is null && segments[0] != 1) || before?.TryRestore(chain) == false)
            return 0;
        int deleted = before is null ? 0 : Delete(segments.Where(number => number <= before.Purge.LastSegment));
        PurgedExtent? extent = Extent(segments, (before?.Purge.LastSegment ?? 0) + 1, lastPermitted, time.GetUtcNow() - keep, chain, cancellation);
        if (extent is null)
            return deleted;
        if (!await SignedRecord.WhenAsync(directory, await RecordAsync(extent, keep, chain, cancellation), time, cancellation))
            throw new IOException("Nothing is purged: the record of it is not signed.");
        return deleted + Delete(segments.Where(number => number >= extent.FirstSegment && number <= extent.LastSegment));
    }

    private PurgedExtent? Extent(List<long> segments, long first, long lastPermitted, DateTimeOffset cut, EntryChain chain, CancellationToken cancellation)
    {
        IReadOnlyList<JournalHead> heads = [.. new HeadFile(directory).Read(out _).Select(signed => signed.Head).Where(head => head.Size > chain.Tree.Size)];
        PurgedExtent? extent = null;
        int next = 0;
        foreach (EndedSegment segment in EndedSegments.Of(directory, first - 1))
        {
            cancellation.ThrowIfCancellationRequested();
            // The last one stays in any case: a journal must have a segment to go on from.
            if (segment.Number > lastPermitted || segment.Number >= segments[^1] || segment.Number != (extent?.LastSegment ?? first - 1) + 1)
                break;
            PurgedExtent? with = With(extent, segment);
            if (with is null || with.Newest >= cut)
                break;
            Take(segment.Path, chain, heads, ref next, until: long.MaxValue);
            extent = with;
        }
        if (extent is null || heads.Count == 0 || heads[^1].Size < chain.Tree.Size)
            return null;
        CompareBehind(segments.Where(number => number > extent.LastSegment), chain, heads, next);
        return extent;
    }

    /// <summary>
    /// A head where a segment ends is chance. What comes before the end is compared when the first head at or behind it is, which takes the entries
    /// between the two, from segments that stay.
    /// </summary>
    private void CompareBehind(IEnumerable<long> staying, EntryChain purged, IReadOnlyList<JournalHead> heads, int next)
    {
        if (next > 0 && heads[next - 1].Size == purged.Tree.Size)
            return;
        var chain = new EntryChain();
        chain.Restore(purged.Last);
        chain.Tree.Restore(purged.Tree.Size, purged.Tree.Edge());
        int compared = next;
        foreach (long number in staying)
        {
            Take(SegmentFileName.Of(directory, number), chain, heads, ref compared, heads[next].Size);
            if (compared > next)
                return;
        }
        throw new JournalFormatException($"Nothing is purged: the journal ends before what was signed up to record {heads[next].LastRecord}. Run `phigate audit verify`.");
    }

    private static PurgedExtent? With(PurgedExtent? extent, EndedSegment segment)
    {
        using SegmentScanner scanner = SegmentScanner.Open(segment.Path, isWriterDead: false);
        DateTimeOffset newest = extent?.Newest ?? DateTimeOffset.MinValue;
        while (scanner.Read() is var result and not JournalReadResult.End)
        {
            if (result == JournalReadResult.Record && scanner.Entry.Time > newest)
                newest = scanner.Entry.Time;
        }
        if (scanner.Header.Chaining == 0)
            return null;
        long firstRecord = extent?.FirstRecord ?? scanner.Header.FirstRecordNumber;
        return new PurgedExtent(extent?.FirstSegment ?? segment.Number, segment.Number, firstRecord, scanner.Header.NextRecordNumber - 1, newest);
    }

    /// <param name="path">Of a segment.</param>
    /// <param name="chain">Gets its entries.</param>
    /// <param name="heads">What was signed.</param>
    /// <param name="next">Which of them comes next.</param>
    /// <param name="until">Stops when the chain has so many entries.</param>
    private static void Take(string path, EntryChain chain, IReadOnlyList<JournalHead> heads, ref int next, long until)
    {
        using SegmentScanner scanner = SegmentScanner.Open(path, isWriterDead: false);
        chain.AddHeader(scanner.Bytes(0, SegmentHeader.Bytes));
        Compare(chain, heads, ref next);
        while (chain.Tree.Size < until)
        {
            long start = scanner.Offset;
            if (scanner.Read() == JournalReadResult.End)
            {
                chain.AddTrailer(scanner.Trailer());
                Compare(chain, heads, ref next);
                return;
            }
            chain.Add(scanner.Bytes(start, scanner.Offset));
            Compare(chain, heads, ref next);
        }
    }

    private static void Compare(EntryChain chain, IReadOnlyList<JournalHead> heads, ref int next)
    {
        for (; next < heads.Count && heads[next].Size <= chain.Tree.Size; next++)
        {
            if (heads[next].Size == chain.Tree.Size && !chain.Tree.Root().AsSpan().SequenceEqual(heads[next].Root))
                throw new JournalFormatException($"Nothing is purged: what would be is not what was signed up to record {heads[next].LastRecord}. Run `phigate audit verify`.");
        }
    }

    private async Task<long> RecordAsync(PurgedExtent extent, TimeSpan keep, EntryChain chain, CancellationToken cancellation)
    {
        if (!TryRecord(extent, keep, chain, out long number) || !await journal.WhenDurableAsync(number, cancellation))
            throw new IOException("Nothing is purged: the journal takes no record of it.");
        return number;
    }

    private bool TryRecord(PurgedExtent extent, TimeSpan keep, EntryChain chain, out long number)
    {
        var record = new PurgedRecord
        {
            FirstSegment = extent.FirstSegment,
            LastSegment = extent.LastSegment,
            FirstRecord = extent.FirstRecord,
            LastRecord = extent.LastRecord,
            Newest = extent.Newest,
            Entries = chain.Tree.Size,
            Chain = chain.Last,
            Edge = chain.Tree.Edge(),
            Rule = $"older than {keep.TotalDays:0.##} days",
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
