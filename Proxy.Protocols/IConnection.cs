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

    bool IsEncrypted { get; }

    /// <summary>The certificate of our side when we are the TLS server, of the other side when we are its client; for channel binding (RFC 5929).</summary>
    X509Certificate2? EndPointCertificate { get; }

    /// <summary>
    /// Becomes TLS as the server. Bytes of the plaintext stream that are already buffered are handed to the handshake only when
    /// <paramref name="directTls"/>: otherwise they may have been injected, and the call throws (CVE-2021-23214).
    /// </summary>
    ValueTask UpgradeAsServerAsync(bool directTls, CancellationToken cancellationToken);

    /// <summary>Becomes TLS as the client of a server, verifying it as the leg's configuration says.</summary>
    ValueTask UpgradeAsClientAsync(CancellationToken cancellationToken);

    /// <summary>Closes at once, without a TLS goodbye; pending reads and writes end.</summary>
    void Abort();
}
