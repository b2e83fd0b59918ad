namespace Proxy.Protocols.MySql.Messages;

/// <summary>EOF of the older form: 0xFE, number of warnings, status.</summary>
internal static class EofPacket
{
    /// <summary>Where the number of warnings lies in the payload.</summary>
    public const int WarningsOffset = 1;

    /// <summary>Where the status lies.</summary>
    public const int StatusOffset = 3;

    public static bool TryDecode(ReadOnlySpan<byte> payload, out ServerStatus status)
    {
        var reader = new PayloadReader(payload);
        var isEof = reader.Byte() is ReplyCode.Eof;
        reader.UInt16();
        status = (ServerStatus)reader.UInt16();
        return isEof && reader.IsAtEnd;
    }
}
