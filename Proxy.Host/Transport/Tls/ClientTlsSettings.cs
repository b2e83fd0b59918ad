using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;

namespace Proxy.Host.Transport.Tls;

/// <summary>What is demanded of a server.</summary>
public sealed record ClientTlsSettings
{
    /// <summary>How much is verified.</summary>
    public ClientTlsMode Mode { get; init; }

    /// <summary>The host name to ask for (SNI) and to expect in the certificate.</summary>
    public required string ServerName { get; init; }

    /// <summary>PEM file of the only authorities to trust (RDS has its own); null: the system's.</summary>
    public string? Authorities { get; init; }

    /// <summary>When not empty, the server's key must be one of these, whoever issued its certificate; see <see cref="PublicKeyPin"/>.</summary>
    public ImmutableArray<string> Pins { get; init; } = [];

    /// <summary>Offered by ALPN; PostgreSQL before 17 does not look at it.</summary>
    public SslApplicationProtocol? ApplicationProtocol { get; init; }

    /// <summary>The TLS versions that are spoken.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;
}
