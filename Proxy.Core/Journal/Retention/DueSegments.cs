using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Retention;

/// <summary>Finds the segments whose time is over: they have ended, follow each other, may be touched, and hold nothing newer than the cut.</summary>
/// <param name="directory">Of the journal.</param>
/// <param name="lastPermitted">The last segment that may be touched.</param>
/// <param name="cut">Everything in them is older.</param>
internal sealed class DueSegments(string directory, long lastPermitted, DateTimeOffset cut)
{
    /// <summary>Segments of one run, and so of one record.</summary>
    public const int Max = 1024;

    /// <summary>By its header alone: no record is older than its segment, and one that is written to stays as it is.</summary>
    public bool MayBe(long number)
    {
        if (number > lastPermitted)
            return false;
        string path = SegmentFileName.Of(directory, number);
        SegmentHeader header = SegmentHeader.Read(SegmentHeader.PageOf(path), path);
        return header is { Chaining: not 0, Sealing: not 0 } && header.Ending != SegmentEnding.Open && header.CreatedTicks < cut.UtcTicks;
    }

    /// <summary>Walks past them, and perhaps past one that is not due.</summary>
    /// <exception cref="JournalFormatException">One is not what was signed.</exception>
    public List<WalkedSegment> Find(SignedWalk walk, IEnumerable<long> segments, CancellationToken cancellation)
    {
        var due = new List<WalkedSegment>();
        foreach (long number in segments)
        {
            cancellation.ThrowIfCancellationRequested();
            if (due.Count == Max || !MayBe(number) || (due.Count > 0 && number != due[^1].Number + 1))
                break;
            WalkedSegment segment = walk.Take(number);
            if (segment.Newest >= cut)
                break;
            due.Add(segment);
        }
        return due;
    }
}
