namespace Proxy.Host.Configuration.Gateway;

/// <summary>The record of statements.</summary>
public sealed record JournalOptions
{
    public required string Directory { get; init; }
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many segments are reserved ahead of use.</summary>
    public int SegmentsReady { get; init; } = 1;
    public int RecordBytesMax { get; init; } = 10 * 1024 * 1024;
}
