using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Proxy.Core.Journal.Replication;

namespace Proxy.Host.Evidence.Replication;

/// <summary>
/// Keeps copies of journals for gateways that prove themselves by certificate. A thread for each connection, because disks block; there are as many as
/// gateways. The newest connection of a journal is the one that counts: an older one is what the network left of a gateway that has come again.
/// </summary>
public sealed class ReplicaServer : IDisposable
{
    private const int ConnectionsMax = 64;
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(10);

    /// <summary>A gateway that has nothing to say still asks several times a second whether we are there.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);

    private readonly ReplicaServerOptions _options;
    private readonly ILogger _logger;
    private readonly Socket _listening;
    private readonly ReplicaPlaces _places = new();
    private readonly SemaphoreSlim _connections = new(ConnectionsMax);
    private readonly CancellationTokenSource _stop = new();

    private ReplicaServer(ReplicaServerOptions options, Socket listening, ILogger logger)
    {
        _options = options;
        _listening = listening;
        _logger = logger;
    }

    /// <summary>Where it listens.</summary>
    public System.Net.IPEndPoint EndPoint => (System.Net.IPEndPoint)_listening.LocalEndPoint!;

    /// <summary>Opens the listener. Certificates are looked at now, so that a wrong one is known before a gateway comes.</summary>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    /// <exception cref="CryptographicException">A file holds no certificate, or not its key.</exception>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public static ReplicaServer Open(ReplicaServerOptions options, ILogger logger)
    {
        Streaming.RecordStreams.CreateForOwnerOnly(options.Directory);
        TlsOptions(options);
        var listening = new Socket(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listening.Bind(options.EndPoint);
            listening.Listen();
        }
        catch
        {
            listening.Dispose();
            throw;
        }
        Log.Listening(logger, options.Directory, listening.LocalEndPoint!.ToString()!);
        return new ReplicaServer(options, listening, logger);
    }

    /// <summary>Serves until it is told to stop, then ends every connection.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopping = cancellationToken.Register(_stop.Cancel);
        try
        {
            while (true)
            {
                await _connections.WaitAsync(_stop.Token);
                var socket = await AcceptAsync();
                new Thread(() => Serve(socket), 256 * 1024) { IsBackground = true, Name = "replica connection" }.Start();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        await _places.CloseAsync();
        // Threads that are not in a place yet are in a handshake, which ends by itself: what they use must be there until then.
        for (var i = 0; i < ConnectionsMax; i++)
            await _connections.WaitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _listening.Dispose();
        _stop.Dispose();
        _connections.Dispose();
    }

    private async Task<Socket> AcceptAsync()
    {
        try
        {
            return await _listening.AcceptAsync(_stop.Token);
        }
        catch
        {
            _connections.Release();
            throw;
        }
    }

    private void Serve(Socket socket)
    {
        var address = socket.RemoteEndPoint?.ToString() ?? "";
        try
        {
            using var stream = Authenticate(socket);
            stream.ReadTimeout = (int)SilenceMax.TotalMilliseconds;
            var reception = new ReplicaReception(stream);
            var journal = reception.ReadGreeting();
            using var place = _places.Take(journal, stream);
            Log.JournalBegins(_logger, journal, address, stream.RemoteCertificate?.Subject ?? "");
            reception.Run(Path.Combine(_options.Directory, journal.ToString("D")), _options.Durability);
            Log.ConnectionEnded(_logger, address, "the gateway closed it");
        }
        catch (Exception refused) when (refused is AuthenticationException or CryptographicException or ReplicaProtocolException)
        {
            Log.ConnectionRefused(_logger, address, refused.Message);
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or UnauthorizedAccessException or InvalidOperationException)
        {
            Log.ConnectionEnded(_logger, address, broken.Message);
        }
        finally
        {
            socket.Dispose();
            _connections.Release();
        }
    }

    private SslStream Authenticate(Socket socket)
    {
        socket.NoDelay = true;
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            using (new Timer(static late => ((Socket)late!).Dispose(), socket, HandshakePatience, Timeout.InfiniteTimeSpan))
                stream.AuthenticateAsServer(TlsOptions(_options));
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static SslServerAuthenticationOptions TlsOptions(ReplicaServerOptions options)
    {
        var leaf = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
        var sent = new X509Certificate2Collection();
        sent.ImportFromPemFile(options.CertificateFile);
        var intermediates = new X509Certificate2Collection(sent.Where(certificate => certificate.Thumbprint != leaf.Thumbprint).ToArray());
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.ImportFromPemFile(options.ClientCaFile);
        if (policy.CustomTrustStore.Count == 0)
            throw new CryptographicException($"{options.ClientCaFile} holds no certificate");
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, intermediates, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = true,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => errors is SslPolicyErrors.None && IsExpected(certificate, options),
            AllowRenegotiation = false,
        };
    }

    private static bool IsExpected(X509Certificate? certificate, ReplicaServerOptions options) =>
        certificate is X509Certificate2 client && (options.ClientNames.IsEmpty || options.ClientNames.Any(name => client.MatchesHostname(name)));
}
