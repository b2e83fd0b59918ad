namespace Proxy.Core.Sql.Postgres.Host;

/// <summary>How one call of the grammar ended. Zero is failure.</summary>
internal enum ParseOutcome : byte
{
    /// <summary>A trap: the instance must not be used again.</summary>
    Trapped = 0,
    Parsed,
    Rejected,

    /// <summary>The grammar ran out of its own memory, in good order.</summary>
    OutOfMemory,
}
