using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Proxy.Core.Journal.Replication;
using Proxy.Host.Transport.Tls;
using ReplicaOptions = Proxy.Host.Configuration.Gateway.ReplicaOptions;

namespace Proxy.Host.Evidence.Replication;

/// <summary>
/// Reaches the replica by mutual TLS. Everything here blocks, on the replication's own threads: an asynchronous socket would complete on those that
/// poll the sessions' sockets.
/// </summary>
internal sealed class TlsReplicaConnector(ReplicaOptions options, ILogger logger) : IReplicaConnector
{
    private readonly ClientTls _tls = new(ClientTlsMode.VerifyFull, options.Address.Host, options.CaFile);

    public string Name => options.Address.ToString();

    public Stream Connect(TimeSpan patience)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            // Nothing else bounds a blocking connect to a machine that does not answer, and a handshake with one that falls silent.
            using (new Timer(static late => ((Socket)late!).Dispose(), socket, patience, Timeout.InfiniteTimeSpan))
            {
                socket.Connect(options.Address.Host, options.Address.Port);
                stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
                stream.AuthenticateAsClient(WithCertificate(_tls.Options));
            }
            return stream;
        }
        catch (Exception failure) when (failure is SocketException or AuthenticationException or ServerCertificateException or ObjectDisposedException
            or IOException or CryptographicException or UnauthorizedAccessException or InvalidOperationException)
        {
            stream?.Dispose();
            socket.Dispose();
            throw new IOException(failure is ObjectDisposedException ? $"it did not answer within {patience.TotalSeconds:0.#} s" : failure.Message, failure);
        }
    }

    public void Lost(string reason) => Log.ReplicaLost(logger, Name, reason);

    public void Resumed() => Log.ReplicaResumed(logger, Name);

    private SslClientAuthenticationOptions WithCertificate(SslClientAuthenticationOptions shared)
    {
        var leaf = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
        var sent = new X509Certificate2Collection();
        sent.ImportFromPemFile(options.CertificateFile);
        var intermediates = new X509Certificate2Collection(sent.Where(certificate => certificate.Thumbprint != leaf.Thumbprint).ToArray());
        return new SslClientAuthenticationOptions
        {
            TargetHost = shared.TargetHost,
            EnabledSslProtocols = shared.EnabledSslProtocols,
            CertificateChainPolicy = shared.CertificateChainPolicy,
            RemoteCertificateValidationCallback = shared.RemoteCertificateValidationCallback,
            ClientCertificateContext = SslStreamCertificateContext.Create(leaf, intermediates, offline: true),
            AllowRenegotiation = false,
        };
    }
}
