using System.Numerics;
using System.Runtime.InteropServices;

namespace Proxy.Core.Journal.Segments;

/// <summary>
/// CRC-32C (Castagnoli polynomial, as in RFC 3720 §B.4) with a free start value and without final inversion; one instruction per 8 bytes. It finds
/// torn and flipped bytes; it proves nothing against somebody who writes to the disk.
/// </summary>
internal static class RecordChecksum
{
    public static uint Compute(uint start, ReadOnlySpan<byte> bytes)
    {
        uint crc = start;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);
        return crc;
    }

    public static uint Continue(uint crc, ulong first, ulong second) => BitOperations.Crc32C(BitOperations.Crc32C(crc, first), second);
}
