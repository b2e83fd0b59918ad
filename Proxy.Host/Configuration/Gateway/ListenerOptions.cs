namespace Proxy.Host.Configuration.Gateway;

/// <summary>Where clients connect.</summary>
public sealed record ListenerOptions
{
    public required string Name { get; init; }
    public WireProtocol Protocol { get; init; }
    public required NetworkAddress Address { get; init; }

    /// <summary>As clients reach it, where that is not the credentials' public address (PostgreSQL), or that host and the port of <see cref="Address"/> (MySQL).</summary>
    public NetworkAddress? PublicAddress { get; init; }

    /// <summary>The target of every connection; null lets the database name say <c>target</c> or <c>target/database</c>.</summary>
    public string? Target { get; init; }

    /// <summary>Null only where <see cref="IAcceptPlaintext"/>.</summary>
    public ListenerTlsOptions? Tls { get; init; }

    /// <summary>Set: clients prove themselves by OAUTHBEARER instead of sending the token as the password.</summary>
    public OAuthBearerOptions? Oauthbearer { get; init; }

    /// <summary>Set: connections come from load balancers, and from nobody else.</summary>
    public ProxyProtocolOptions? ProxyProtocol { get; init; }

    /// <summary>Whether a client may go on without TLS.</summary>
    public bool IAcceptPlaintext { get; init; }
}
