namespace Proxy.Core.Journal.Replication;

/// <summary>The next bytes of the journal, in its order.</summary>
/// <param name="Segment">Its number.</param>
/// <param name="Offset">Where they are in it.</param>
/// <param name="SegmentBytes">Length of the whole file.</param>
/// <param name="Bytes">Valid until the next chunk is asked for.</param>
internal readonly record struct SegmentChunk(long Segment, int Offset, int SegmentBytes, ReadOnlyMemory<byte> Bytes);
