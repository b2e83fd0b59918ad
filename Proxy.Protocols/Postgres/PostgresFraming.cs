using System.Buffers.Binary;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Finds message boundaries: a type byte, then an int32 that counts itself and the body
/// (https://www.postgresql.org/docs/current/protocol-message-formats.html).
/// </summary>
public static class PostgresFraming
{
    /// <summary>Type byte and length.</summary>
    public const int HeaderLength = sizeof(byte) + sizeof(int);

    /// <summary>PQ_LARGE_MESSAGE_LIMIT of PostgreSQL's libpq.h: MaxAllocSize - 1.</summary>
    public const int MessageBytesMax = 0x3fffffff - 1;

    /// <summary>Looks at the start of <paramref name="buffer"/>. <paramref name="length"/> is the whole frame's, header included, once the header is there.</summary>
    public static FrameStatus TryReadHeader(ReadOnlySpan<byte> buffer, out byte type, out int length)
    {
        type = 0;
        length = 0;
        if (buffer.Length < HeaderLength) return FrameStatus.Incomplete;
        type = buffer[0];
        var counted = BinaryPrimitives.ReadInt32BigEndian(buffer[1..]);
        if (counted is < sizeof(int) or > MessageBytesMax) return FrameStatus.Malformed;
        length = counted + 1;
        return buffer.Length >= length ? FrameStatus.Complete : FrameStatus.Incomplete;
    }
}
