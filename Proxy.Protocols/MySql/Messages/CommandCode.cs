namespace Proxy.Protocols.MySql.Messages;

/// <summary>First bytes of commands (https://dev.mysql.com/doc/dev/mysql-server/latest/my__command_8h.html). Only those that have a case of their own.</summary>
internal static class CommandCode
{
    public const byte Quit = 1;
    public const byte InitDb = 2;
    public const byte Query = 3;
    public const byte Ping = 14;
    public const byte ChangeUser = 17;
    public const byte StatementPrepare = 22;
    public const byte StatementExecute = 23;
    public const byte StatementSendLongData = 24;
    public const byte StatementClose = 25;
    public const byte StatementReset = 26;
    public const byte SetOption = 27;
    public const byte StatementFetch = 28;
    public const byte ResetConnection = 31;

    /// <summary>Whether the protocol has no reply to it, so that a refusal of it has no place either.</summary>
    public static bool HasNoReply(byte command) => command is StatementSendLongData or StatementClose or Quit;
}
