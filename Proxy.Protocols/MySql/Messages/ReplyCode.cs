namespace Proxy.Protocols.MySql.Messages;

/// <summary>First bytes of replies. What they mean depends on where they stand (a row can begin with any of them but 0xFF).</summary>
internal static class ReplyCode
{
    public const byte Ok = 0x00;
    public const byte AuthMoreData = 0x01;

    /// <summary>The server wants a file of the client's. Never answered.</summary>
    public const byte LocalInfile = 0xFB;

    /// <summary>In a row in text: the value is NULL.</summary>
    public const byte Null = 0xFB;

    /// <summary>End of definitions or rows; during login, AuthSwitchRequest.</summary>
    public const byte Eof = 0xFE;

    public const byte Error = 0xFF;
}
