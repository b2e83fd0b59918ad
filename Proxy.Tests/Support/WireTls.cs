namespace Proxy.Tests.Support;

/// <summary>How a <see cref="WireClient"/> comes to TLS.</summary>
public enum WireTls
{
    None,

    /// <summary>SSLRequest, 'S', handshake.</summary>
    Requested,

    /// <summary>The handshake first, with ALPN "postgresql" (PostgreSQL 17 and later).</summary>
    Direct,
}
