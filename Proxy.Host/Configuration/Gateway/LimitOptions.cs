namespace Proxy.Host.Configuration.Gateway;

/// <summary>A limit on everything. Past it: a clear refusal, never a pass.</summary>
public sealed record LimitOptions
{
    public int StatementBytesMax { get; init; } = 256 * 1024;

    /// <summary>Of a message that policy must see whole.</summary>
    public int MessageBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>A longer row is redacted in place while it streams.</summary>
    public int RowBytesMax { get; init; } = 16 * 1024 * 1024;
    public int ParametersMax { get; init; } = 65535;
    public int PreparedStatementsMax { get; init; } = 1024;
    public int PortalsMax { get; init; } = 256;
    public int RepliesOutstandingMax { get; init; } = 4096;
    public int SessionsMax { get; init; } = 5000;
    public int SessionsPerIdentityMax { get; init; } = 500;
    public int RefusalsPerSessionMax { get; init; } = 200;
    public int CancelRequestsPerSecondMax { get; init; } = 20;

    /// <summary>From the first byte to the end of sign-in.</summary>
    public int HandshakeTimeoutSeconds { get; init; } = 15;
    /// <summary>The longest that any session lives.</summary>
    public int SessionLifetimeSecondsMax { get; init; } = 43200;

    /// <summary>Sessions that would end at the same moment end within so many seconds before it.</summary>
    public int SessionEndSpreadSeconds { get; init; } = 60;

    /// <summary>Failed sign-ins from one address within a minute; past it the address waits for the next.</summary>
    public int SignInFailuresPerMinutePerAddressMax { get; init; } = 300;

    /// <summary>Sign-ins and credentials of one identity within a minute.</summary>
    public int SignInsPerMinutePerIdentityMax { get; init; } = 1200;
    public int IdleSessionTimeoutSeconds { get; init; } = 3600;
    public int DrainTimeoutSeconds { get; init; } = 30;
    public int ParserDeadlineMs { get; init; } = 1000;
    public long ParserMemoryBytesMax { get; init; } = 256L * 1024 * 1024;
}
