using System.Text;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>ERR: number, SQLSTATE, message (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_err_packet.html).</summary>
internal readonly ref struct ErrorPacket
{
    /// <summary>MYSQL_ERRMSG_SIZE of the server's mysql_com.h: drivers keep no more.</summary>
    public const int MessageBytesMax = 512;

    private const byte StateMarker = (byte)'#';
    private const int StateLength = 5;

    public ushort Number { get; private init; }

    /// <summary>Empty before the handshake is over: there the server leaves it out.</summary>
    public ReadOnlySpan<byte> SqlState { get; private init; }
    public ReadOnlySpan<byte> Message { get; private init; }

    public static bool TryDecode(ReadOnlySpan<byte> payload, out ErrorPacket packet)
    {
        var reader = new PayloadReader(payload);
        var isError = reader.Byte() is ReplyCode.Error;
        var number = reader.UInt16();
        ReadOnlySpan<byte> state = default;
        if (reader.Rest is [StateMarker, ..])
        {
            reader.Byte();
            state = reader.Bytes(StateLength);
        }

        packet = new ErrorPacket { Number = number, SqlState = state, Message = reader.Rest };
        return isError && !reader.Failed;
    }

    public static byte[] Encode(byte sequence, int number, ReadOnlySpan<byte> sqlState, ReadOnlySpan<byte> message)
    {
        if (message.Length > MessageBytesMax - 1) message = message[..LengthOfWhole(message[..(MessageBytesMax - 1)])];
        return new PacketWriter().Begin(sequence).Byte(ReplyCode.Error).UInt16(number).Byte(StateMarker).Bytes(sqlState).Bytes(message).End().ToArray();
    }

    public static byte[] Encode(byte sequence, int number, string sqlState, string message) =>
        Encode(sequence, number, Encoding.ASCII.GetBytes(sqlState), Encoding.UTF8.GetBytes(message));

    /// <summary>Without the last character where it is cut in the middle.</summary>
    private static int LengthOfWhole(ReadOnlySpan<byte> text)
    {
        var end = text.Length;
        while (end > 0 && (text[end - 1] & 0xC0) == 0x80) end--;
        return end > 0 && text[end - 1] >= 0xC0 ? end - 1 : text.Length;
    }
}
