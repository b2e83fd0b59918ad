using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>Length-encoded integers: one byte up to 250, or 0xFC, 0xFD, 0xFE and 2, 3, 8 bytes; 0xFB is NULL, 0xFF an error.</summary>
internal static class LengthEncoded
{
    public const int BytesMax = 9;

    /// <summary>How many bytes the integer that begins with this one takes; 0 where none begins so.</summary>
    public static int SizeOf(byte first) => first switch
    {
        < 0xFB => 1,
        0xFC => 3,
        0xFD => 4,
        0xFE => 9,
        _ => 0,
    };

    /// <summary>How many bytes are needed to write it.</summary>
    public static int SizeOf(long value) => value < 0xFB ? 1 : value <= 0xFFFF ? 3 : value <= 0xFF_FFFF ? 4 : 9;

    /// <summary>False when it is not whole, or no integer, or one beyond 63 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> bytes, out long value, out int size)
    {
        if (bytes is not [< 0xFB, ..]) return TryReadLong(bytes, out value, out size);
        value = bytes[0]; // Most are short: once for each column of each row.
        size = 1;
        return true;
    }

    /// <summary>Writes it in its shortest form and returns how many bytes that took.</summary>
    public static int Write(Span<byte> destination, long value)
    {
        var size = SizeOf(value);
        switch (size)
        {
            case 1:
                destination[0] = (byte)value;
                break;
            case 3:
                destination[0] = 0xFC;
                BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)value);
                break;
            case 4:
                destination[0] = 0xFD;
                BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)value);
                destination[3] = (byte)(value >> 16);
                break;
            default:
                destination[0] = 0xFE;
                BinaryPrimitives.WriteInt64LittleEndian(destination[1..], value);
                break;
        }

        return size;
    }

    private static bool TryReadLong(ReadOnlySpan<byte> bytes, out long value, out int size)
    {
        value = 0;
        size = bytes.IsEmpty ? 0 : SizeOf(bytes[0]);
        if (size == 0 || bytes.Length < size) return false;
        value = size switch
        {
            3 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]),
            4 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]) | (bytes[3] << 16),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]),
        };
        return value >= 0;
    }
}
