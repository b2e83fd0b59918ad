namespace Proxy.Protocols;

/// <summary>What a session may ask for. Past a limit there is a refusal, never a pass.</summary>
public sealed record Limits
{
    /// <summary>A message that has to be seen whole (Query, Parse, Bind), in bytes. COPY data and shown rows are streamed and have no limit.</summary>
    public int MessageBytesMax { get; init; } = 16 << 20;

    /// <summary>A row that has to be masked, in bytes; a larger one is redacted while it streams.</summary>
    public int RowBytesMax { get; init; } = 16 << 20;

    /// <summary>Replies owed to one client; one that pipelines more waits.</summary>
    public int PendingRepliesMax { get; init; } = 16_384;

    /// <summary>Parameters of one Bind. The protocol's own limit is 65,535.</summary>
    public int ParametersMax { get; init; } = 65_535;

    /// <summary>Portals of one session, cursors included.</summary>
    public int PortalsMax { get; init; } = 1_024;

    /// <summary>Prepared statements of one session.</summary>
    public int PreparedStatementsMax { get; init; } = 4_096;

    /// <summary>Refusals after which a session is ended: it keeps running into the same wall.</summary>
    public int RefusalsMax { get; init; } = 200;

    /// <summary>Refusals for the same reason in a row, with nothing that ran in between, after which a session is ended.</summary>
    public int RepeatedRefusalsMax { get; init; } = 100;

    /// <summary>The start-up packet in bytes: MAX_STARTUP_PACKET_LENGTH of PostgreSQL's postmaster.c.</summary>
    public int StartupBytesMax { get; init; } = 10_000;

    /// <summary>A password message in bytes: room for any token (facts: Entra and Okta send 1 to 3 KB).</summary>
    public int PasswordBytesMax { get; init; } = 32 << 10;

    /// <summary>How long a session may be without traffic and without a running statement, unless its rules say less; null: for ever.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>From accepting a connection to its ReadyForQuery.</summary>
    public TimeSpan StartupTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
