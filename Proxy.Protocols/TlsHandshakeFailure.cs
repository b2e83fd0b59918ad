namespace Proxy.Protocols;

/// <summary>Why a TLS handshake did not succeed.</summary>
public enum TlsHandshakeFailure
{
    /// <summary>Anything the TLS library objects to, or an alert of the peer.</summary>
    Protocol,

    /// <summary>The deadline passed.</summary>
    Timeout,

    /// <summary>The peer closed or reset the connection in the middle of it.</summary>
    PeerClosed,

    /// <summary>The server's certificate is not trusted, expired, or of another name.</summary>
    CertificateRejected,

    /// <summary>Direct TLS without the ALPN protocol that it requires (cross-protocol attacks).</summary>
    ApplicationProtocolMissing,

    /// <summary>No certificate is configured for this side.</summary>
    NotConfigured,
}
