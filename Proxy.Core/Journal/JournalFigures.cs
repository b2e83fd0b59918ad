namespace Proxy.Core.Journal;

/// <summary>How full a journal is at one moment.</summary>
/// <param name="Records">Records appended since it was opened.</param>
/// <param name="Segment">The number of the segment that is written to.</param>
/// <param name="SegmentBytesUsed">How much of that segment is taken.</param>
/// <param name="SegmentsReady">Empty segments that stand by behind it.</param>
public readonly record struct JournalFigures(long Records, long Segment, long SegmentBytesUsed, int SegmentsReady);
