namespace Proxy.Host.Configuration.Gateway;

/// <summary>The HTTPS endpoint that trades a token for a one-time credential.</summary>
public sealed record CredentialDeskOptions
{
    public required NetworkAddress Address { get; init; }
    public required ListenerTlsOptions Tls { get; init; }

    /// <summary>Where the credentials are good, as clients reach it; told to them with the credential.</summary>
    public required NetworkAddress PublicAddress { get; init; }

    /// <summary>Set: connections to the endpoint come from load balancers, and from nobody else.</summary>
    public ProxyProtocolOptions? ProxyProtocol { get; init; }

    /// <summary>How long a credential can be used to connect.</summary>
    public int LifetimeSecondsMax { get; init; } = 300;

    /// <summary>How long a session lives that was opened with one.</summary>
    public int SessionSecondsMax { get; init; } = 3600;
    public int ConnectionsMax { get; init; } = 10;
    public int OutstandingMax { get; init; } = 10_000;
    public int OutstandingPerIdentityMax { get; init; } = 100;
}
