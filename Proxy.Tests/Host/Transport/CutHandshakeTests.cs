using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;
using ClientSide = Proxy.Tests.Support.PostgresRequests;

namespace Proxy.Tests.Host.Transport;

/// <summary>Everything that a client sends up to its StartupMessage, TLS included, cut at every byte: where the network cuts makes no difference.</summary>
public sealed class CutHandshakeTests
{
    private Support.TestCertificates _certificates = null!;
    private SocketConnectionOptions _options = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _certificates = Support.TestCertificates.Shared;
        _options = SocketConnectionOptions.Default with { ServerTls = new ServerTls(_certificates.ServerCertificatePath, _certificates.ServerKeyPath) };
    }

    [OneTimeTearDown]
    public void End() => _options.ServerTls!.Dispose();

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_start_over_TLS_goes_the_same_wherever_it_is_cut(bool isDirect)
    {
        var length = await PlayAsync(isDirect, cut: 0);
        Assert.That(length, Is.GreaterThan(300), "a ClientHello alone is longer");
        for (var cut = 1; cut < length; cut++)
            await PlayAsync(isDirect, cut);
    }

    /// <returns>How many bytes the client sent.</returns>
    private async Task<int> PlayAsync(bool isDirect, int cut)
    {
        var (server, client) = await ConnectionPair.SocketsAsync();
        await using var connection = new SocketConnection(server, _options);
        await using var stream = new CutStream(client, server, cut);
        var starting = new PostgresStartup(connection, new Limits(), acceptsPlaintext: false).RunAsync(CancellationToken.None);
        if (!isDirect)
        {
            await stream.WriteAsync(ClientSide.SslRequest());
            Assert.That(stream.ReadByte(), Is.EqualTo('S'), $"cut at {cut}");
        }

        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = isDirect ? [new SslApplicationProtocol("postgresql")] : null,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _certificates.Authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });
        await tls.WriteAsync(ClientSide.Startup("agent", "hospital"));
        var outcome = await starting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That((outcome.Start?["user"], outcome.Start?["database"]), Is.EqualTo(("agent", "hospital")), $"cut at {cut}");
        return stream.Sent;
    }

    /// <summary>Sends the bytes in front of the cut, waits until the other end has taken them from the network, and sends the others.</summary>
    private sealed class CutStream(Socket client, Socket server, int cut) : Stream
    {
        private readonly NetworkStream _network = new(client, ownsSocket: true);

        public int Sent { get; private set; }

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var before = cut - Sent;
            Sent += buffer.Length;
            if (before > 0 && before < buffer.Length)
            {
                await _network.WriteAsync(buffer[..before], cancellationToken);
                while (server.Available > 0)
                    await Task.Yield();
                buffer = buffer[before..];
            }

            await _network.WriteAsync(buffer, cancellationToken);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _network.ReadAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => _network.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => _network.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _network.Dispose();
            base.Dispose(disposing);
        }
    }
}
