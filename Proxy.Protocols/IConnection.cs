using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Protocols;

/// <summary>
/// One leg of a session: a byte stream that can become TLS in the middle. The host's transport implements it over a socket; tests over pipes.
/// Reads give the received memory itself, and the one who reads may rewrite it in place until AdvanceTo.
/// Output writes of memory are sent without a copy when nothing is buffered before them.
/// </summary>
public interface IConnection : IDuplexPipe, IAsyncDisposable
{
    EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// While set, what is written is about to be followed by more: a packet that it does not fill may wait for that, though not for long (over TCP on Linux for the probe timer: 0.2 s, more where the client is far).
    /// </summary>
    bool MoreFollows { get; set; }

    bool IsEncrypted { get; }

    /// <summary>How the stream ended, or None. The first ending that anybody noticed stays.</summary>
    ConnectionEnd End { get; }

    /// <summary>The host name that the TLS client asked for (SNI), when we are the server of an encrypted leg and it sent one.</summary>
    string? TlsServerName { get; }

    /// <summary>The certificate of our side when we are the TLS server, of the other side when we are its client; for channel binding (RFC 5929).</summary>
    X509Certificate2? EndPointCertificate { get; }

    /// <summary>The certificate that the client of an encrypted leg showed, when we are its server and asked; its issuer is not verified.</summary>
    X509Certificate2? ClientCertificate { get; }

    /// <summary>
    /// Becomes TLS as the server. Bytes of the plaintext stream that are already buffered are handed to the handshake only when
    /// <paramref name="directTls"/>: otherwise they may have been injected, and the call throws (CVE-2021-23214). Direct TLS requires ALPN.
    /// No read may be pending. The handshake has its own deadline.
    /// </summary>
    /// <exception cref="BytesBeforeTlsException">Bytes are buffered, and this is not direct TLS.</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed; close the connection.</exception>
    ValueTask UpgradeAsServerAsync(bool directTls, CancellationToken cancellationToken);

    /// <summary>
    /// Becomes TLS as the server of a protocol whose clients wait for no answer to their request for TLS (MySQL): what is buffered behind the request is
    /// the ClientHello, and is handed to the handshake. No read may be pending.
    /// </summary>
    /// <exception cref="TlsHandshakeException">The handshake failed; close the connection.</exception>
    ValueTask UpgradeAsServerBehindRequestAsync(CancellationToken cancellationToken);

    /// <summary>Becomes TLS as the client of a server, verifying it as the leg's configuration says. No read may be pending.</summary>
    /// <exception cref="BytesBeforeTlsException">Bytes are buffered: they may have been injected (CVE-2021-23222).</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed, or the server is not who it should be; close the connection.</exception>
    ValueTask UpgradeAsClientAsync(CancellationToken cancellationToken);

    /// <summary>Closes at once, without a TLS goodbye; pending reads and writes end.</summary>
    void Abort();
}
