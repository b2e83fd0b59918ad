using System.Buffers.Binary;

namespace Proxy.Core.Journal.Sealing;

/// <summary>Which segment a data key is for. It is authenticated with the wrapped key, so that no key serves a segment that it was not made for.</summary>
public readonly record struct SegmentIdentity(Guid JournalId, long Number)
{
    public const int Bytes = 24;

    public void Write(Span<byte> destination)
    {
        JournalId.TryWriteBytes(destination, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], Number);
    }
}
