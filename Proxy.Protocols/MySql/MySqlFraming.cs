using System.Buffers.Binary;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Finds packet boundaries: three bytes of length, a sequence number, the payload. A payload of 16,777,215 bytes goes on in the next packet
/// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html).
/// </summary>
internal static class MySqlFraming
{
    public const int HeaderLength = 4;

    /// <summary>Of the sequence number in the header.</summary>
    public const int SequenceOffset = 3;

    /// <summary>The most that one packet holds; one that holds so much is not the last of its message.</summary>
    public const int PayloadMax = 0xFF_FFFF;

    public static bool TryReadHeader(ReadOnlySpan<byte> buffer, out int payloadLength, out byte sequence)
    {
        if (buffer.Length < HeaderLength)
        {
            payloadLength = 0;
            sequence = 0;
            return false;
        }

        payloadLength = BinaryPrimitives.ReadUInt16LittleEndian(buffer) | (buffer[2] << 16);
        sequence = buffer[3];
        return true;
    }

    public static void WriteLength(Span<byte> header, int payloadLength)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)payloadLength);
        header[2] = (byte)(payloadLength >> 16);
    }
}
