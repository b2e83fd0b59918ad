using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Proxy.Core.Journal.Replication;

/// <summary>What a replica has of a journal.</summary>
/// <param name="Segment">Number of its last segment; 0 when it has none.</param>
/// <param name="Offset">How much it has of that; the length of the file when it has all.</param>
/// <param name="OldestOpen">Number of the oldest segment whose end it does not know; 0 when it knows all.</param>
/// <param name="HeadBytes">Length of the heads that it has.</param>
/// <param name="Digest">SHA-256 of what it has of the last segment, see <see cref="SegmentPrefix"/>.</param>
internal sealed record ReplicaWelcome(long Segment, int Offset, long OldestOpen, long HeadBytes, byte[] Digest)
{
    public const int Bytes = sizeof(long) + sizeof(int) + sizeof(long) + sizeof(long) + SHA256.HashSizeInBytes;

    public static ReplicaWelcome Read(ReadOnlySpan<byte> body) => body.Length != Bytes
        ? throw new ReplicaProtocolException("The replica does not say what it has.")
        : new ReplicaWelcome(
            BinaryPrimitives.ReadInt64LittleEndian(body),
            BinaryPrimitives.ReadInt32LittleEndian(body[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[20..]),
            body[28..].ToArray());

    public byte[] ToBytes()
    {
        byte[] body = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(body, Segment);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(8), Offset);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(12), OldestOpen);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(20), HeadBytes);
        Digest.CopyTo(body.AsSpan(28));
        return body;
    }
}
