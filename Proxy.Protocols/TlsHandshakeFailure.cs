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

    /// <summary>The server was asked for TLS and does not offer it: it should, so somebody may be in between.</summary>
    NotOffered,

    /// <summary>Plaintext came where the handshake begins: it may have been injected (CVE-2021-23214, CVE-2021-23222).</summary>
    BytesBefore,

    /// <summary>A record behind the handshake does not verify, or an alert came.</summary>
    Broken,
}
