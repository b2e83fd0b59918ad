using System.Buffers.Binary;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Sealing;

/// <summary>
/// A body as it lies in a sealed segment: the readable part, the sealed part, its tag (16 bytes), and the length of the sealed part (4 bytes). Says
/// where these are; a record too short for its own claim has no sealed body.
/// </summary>
internal readonly ref struct SealedBody
{
    private SealedBody(ReadOnlySpan<byte> record, int readableBytes, int sealedBytes)
    {
        Associated = record[RecordHeader.ChecksumFrom..(RecordHeader.Bytes + readableBytes)];
        Readable = record.Slice(RecordHeader.Bytes, readableBytes);
        Cipher = record.Slice(RecordHeader.Bytes + readableBytes, sealedBytes);
        Tag = record.Slice(RecordHeader.Bytes + readableBytes + sealedBytes, SegmentSealer.TagBytes);
    }

    public ReadOnlySpan<byte> Associated { get; }
    public ReadOnlySpan<byte> Readable { get; }
    public ReadOnlySpan<byte> Cipher { get; }
    public ReadOnlySpan<byte> Tag { get; }

    /// <param name="record">Header and body.</param>
    /// <param name="body">What it consists of.</param>
    public static bool TryRead(ReadOnlySpan<byte> record, out SealedBody body)
    {
        body = default;
        int room = record.Length - RecordHeader.Bytes - SegmentSealer.OverheadBytes;
        if (room < 0)
            return false;
        int sealedBytes = BinaryPrimitives.ReadInt32LittleEndian(record[^sizeof(int)..]);
        if ((uint)sealedBytes > (uint)room)
            return false;
        body = new SealedBody(record, room - sealedBytes, sealedBytes);
        return true;
    }
}
