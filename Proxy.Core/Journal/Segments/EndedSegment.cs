namespace Proxy.Core.Journal.Segments;

/// <summary>A segment that nothing is written to any more.</summary>
public sealed record EndedSegment(Guid JournalId, long Number, string Path);
