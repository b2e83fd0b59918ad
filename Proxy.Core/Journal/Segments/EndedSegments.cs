using Proxy.Core.Journal.Reading;

namespace Proxy.Core.Journal.Segments;

/// <summary>Finds the segments of a journal that have ended. Needs no lock: how a segment ended is written when its last byte is.</summary>
public static class EndedSegments
{
    /// <summary>Those with a greater number, ascending, up to the first that has not ended.</summary>
    /// <exception cref="JournalFormatException">A file is not a segment.</exception>
    public static IReadOnlyList<EndedSegment> Of(string directory, long behind)
    {
        var ended = new List<EndedSegment>();
        foreach (long number in SegmentFileName.Numbers(directory))
        {
            if (number <= behind)
                continue;
            string path = SegmentFileName.Of(directory, number);
            using SegmentScanner scanner = SegmentScanner.Open(path, isWriterDead: false);
            if (scanner.Header.Ending == SegmentEnding.Open)
                break;
            ended.Add(new EndedSegment(scanner.Header.JournalId, number, path));
        }
        return ended;
    }

    /// <summary>How many segments behind this one have begun.</summary>
    public static int CountBehind(string directory, long number) => SegmentFileName.Numbers(directory).Count(one => one > number);
}
