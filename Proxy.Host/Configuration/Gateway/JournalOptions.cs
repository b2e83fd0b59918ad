namespace Proxy.Host.Configuration.Gateway;

/// <summary>The record of statements.</summary>
public sealed record JournalOptions
{
    public required string Directory { get; init; }
    public long SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many segments are reserved ahead of use.</summary>
    public int SegmentsReady { get; init; } = 2;
    public int RecordBytesMax { get; init; } = 20 * 1024 * 1024;

    /// <summary>Below this much free space new statements are refused.</summary>
    public long DiskFreeBytesMin { get; init; } = 1024L * 1024 * 1024;
}
