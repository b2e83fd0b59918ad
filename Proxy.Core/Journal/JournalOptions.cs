using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal;

/// <summary>Where a journal lives and how big its pieces are.</summary>
public sealed record JournalOptions
{
    public const int SegmentBytesMin = 64 * 1024;
    public const int SegmentBytesMax = 1024 * 1024 * 1024;

    public required string Directory { get; init; }

    /// <summary>Length of each segment file, in bytes: a multiple of 4096 between 64 KiB and 1 GiB.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The longest body of a record, in bytes. Never more than a quarter of a segment, so that a roll-over wastes at most that.</summary>
    public int RecordBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many empty segments stand by behind the current one.</summary>
    public int SegmentsReady { get; init; } = 1;

    /// <summary>How long to wait before trying again to prepare a segment after a failure.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many segments before the end a recovery reads to find statements without an outcome. A run can be years long; a statement cannot.
    /// </summary>
    public int RecoverySegmentsMax { get; init; } = 16;

    /// <summary>How room on the disk is obtained; null: as it suits the durability.</summary>
    public ISegmentAllocator? Allocator { get; init; }

    /// <summary>Keys and anchors. Without, records are plain and nothing vouches for them: for tests and measurements.</summary>
    public JournalEvidence? Evidence { get; init; }

    /// <summary>Asked before each further segment; null always permits.</summary>
    public ISegmentPermit? Permit { get; init; }

    /// <summary>How what was written is made to survive the machine.</summary>
    internal IDiskSync Sync { get; init; } = DiskSync.Instance;

    internal ISegmentAllocator Allocation =>
        Allocator ?? (Evidence?.Durability is Durability.Flushed ? new ZeroFillAllocator() : new PreallocatingAllocator());

    internal int BodyBytesMax => Math.Min(RecordBytesMax, (SegmentBytes - SegmentHeader.Bytes) / 4) - (Evidence is null ? 0 : Sealing.SegmentSealer.OverheadBytes);

    internal void Validate()
    {
        if (SegmentBytes is < SegmentBytesMin or > SegmentBytesMax || SegmentBytes % SegmentHeader.Bytes != 0)
        {
            throw new ArgumentException(
                $"A journal segment is a multiple of {SegmentHeader.Bytes} bytes between {SegmentBytesMin} and {SegmentBytesMax}, not {SegmentBytes}.");
        }
        if (RecordBytesMax < 1 || SegmentsReady < 1 || RecoverySegmentsMax < 1 || RetryInterval <= TimeSpan.Zero)
            throw new ArgumentException("RecordBytesMax, SegmentsReady, RecoverySegmentsMax and RetryInterval must be positive.");
        if (Evidence is not null && (Evidence.Durability == Durability.Replicated) != (Evidence.Replica is not null))
            throw new ArgumentException("A replica is for durability Replicated, and that needs one.");
    }
}
