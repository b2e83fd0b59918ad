namespace Proxy.Protocols.MySql.Messages;

/// <summary>Status flags of OK and EOF (https://dev.mysql.com/doc/dev/mysql-server/latest/mysql__com_8h.html, SERVER_STATUS_flags_enum).</summary>
[Flags]
internal enum ServerStatus : ushort
{
    None = 0,
    InTransaction = 0x1,
    AutoCommit = 0x2,
    MoreResults = 0x8,
    CursorExists = 0x40,
    LastRowSent = 0x80,
    NoBackslashEscapes = 0x200,
    OutParameters = 0x1000,
    StateChanged = 0x4000,
}
