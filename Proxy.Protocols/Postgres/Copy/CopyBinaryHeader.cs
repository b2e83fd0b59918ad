using System.Buffers.Binary;

namespace Proxy.Protocols.Postgres.Copy;

/// <summary>What COPY in binary begins with: 11 bytes of signature, int32 flags, int32 length of an extension, and that.</summary>
internal static class CopyBinaryHeader
{
    private const int FixedBytes = 11 + (2 * sizeof(int));

    /// <summary>Its length, or -1. Flags mean that rows are written in a way that nobody knows, so there may be none.</summary>
    public static int LengthOf(ReadOnlySpan<byte> data)
    {
        if (data.Length < FixedBytes || !data.StartsWith(Signature))
            return -1;
        var flags = BinaryPrimitives.ReadInt32BigEndian(data[11..]);
        var extension = BinaryPrimitives.ReadInt32BigEndian(data[15..]);
        return flags == 0 && extension >= 0 && extension <= data.Length - FixedBytes ? FixedBytes + extension : -1;
    }

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0];
}
