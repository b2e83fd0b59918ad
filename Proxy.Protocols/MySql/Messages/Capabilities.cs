namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// What both sides of a connection can do (https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html). Each leg is
/// terminated here: the client is offered only what is understood, and the server is asked for what the client chose of that, so that replies have one shape.
/// </summary>
[Flags]
internal enum Capabilities : uint
{
    None = 0,

    /// <summary>CLIENT_LONG_PASSWORD. MariaDB reads it as "this is MySQL": without it, the last four of ten filler bytes hold its own flags.</summary>
    MySql = 0x1,
    FoundRows = 0x2,
    LongFlag = 0x4,
    ConnectWithDatabase = 0x8,
    NoSchema = 0x10,
    Compress = 0x20,
    LocalFiles = 0x80,
    IgnoreSpace = 0x100,
    Protocol41 = 0x200,
    Interactive = 0x400,
    Tls = 0x800,
    Transactions = 0x2000,
    SecureConnection = 0x8000,
    MultiStatements = 0x1_0000,
    MultiResults = 0x2_0000,
    PreparedMultiResults = 0x4_0000,
    PluginAuth = 0x8_0000,
    ConnectAttributes = 0x10_0000,
    LongAuthenticationData = 0x20_0000,
    SessionTrack = 0x80_0000,
    DeprecateEof = 0x100_0000,
    OptionalMetadata = 0x200_0000,
    ZstdCompress = 0x400_0000,
    QueryAttributes = 0x800_0000,
    MultiFactor = 0x1000_0000,

    /// <summary>Means that there will be more of them.</summary>
    Extension = 0x2000_0000,
}
