using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using NUnit.Framework;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Tests.Host.Transport;

/// <summary>Records by OpenSSL behind a handshake by SslStream, against SslStream on the other end.</summary>
[CancelAfter(60_000)]
public sealed class RecordStreamTests
{
    private static readonly int[] Lengths = [1, 511, 16_383, 16_384, 16_385, 65_536, 65_537, 1_000_000];

    private TestCertificates _certificates = null!;
    private SocketConnection _ours = null!;
    private SslStream _theirs = null!;
    private InterruptedStream _wire = null!;

    [OneTimeSetUp]
    public void Issue() => _certificates = new TestCertificates();

    [OneTimeTearDown]
    public void Remove() => _certificates.Dispose();

    [TearDown]
    public async Task CloseAsync()
    {
        await _ours.DisposeAsync();
        await _theirs.DisposeAsync();
        await _wire.DisposeAsync();
    }

    [Test]
    public async Task This_runtime_and_its_library_let_records_be_made_directly([Values] bool isServer)
    {
        await ConnectAsync(SslProtocols.Tls13, isServer);
        Assert.That(_ours.HasDirectRecords);
    }

    [Test]
    public async Task Bytes_go_both_ways_at_the_same_time([Values(SslProtocols.Tls12, SslProtocols.Tls13)] SslProtocols version, [Values] bool isServer)
    {
        await ConnectAsync(version, isServer);
        var sent = Array.ConvertAll(Lengths, RandomNumberGenerator.GetBytes);
        await Task.WhenAll(SendOursAsync(), SendTheirsAsync(), ReadOursAsync(), ReadTheirsAsync());

        async Task SendOursAsync()
        {
            foreach (var part in sent)
                await _ours.Output.WriteAsync(part);
        }

        async Task SendTheirsAsync()
        {
            foreach (var part in sent)
                await _theirs.WriteAsync(part);
        }

        async Task ReadOursAsync()
        {
            foreach (var part in sent)
                Assert.That(await _ours.ReadExactlyAsync(part.Length), Is.EqualTo(part));
        }

        async Task ReadTheirsAsync()
        {
            foreach (var part in sent)
            {
                var read = new byte[part.Length];
                await _theirs.ReadExactlyAsync(read);
                Assert.That(read, Is.EqualTo(part));
            }
        }
    }

    [Test]
    public async Task What_comes_in_one_piece_with_the_end_of_the_handshake_is_read([Values(SslProtocols.Tls12, SslProtocols.Tls13)] SslProtocols version)
    {
        await ConnectAsync(version, isServer: true, holdsSecondFlight: version is SslProtocols.Tls13, async () => await _theirs.WriteAsync("at once"u8.ToArray()));
        Assert.That(await _ours.ReadExactlyAsync(7), Is.EqualTo("at once"u8.ToArray()));
    }

    [Test]
    public async Task A_record_that_comes_byte_by_byte_is_read_when_it_is_whole()
    {
        await ConnectAsync(SslProtocols.Tls13, isServer: true);
        _wire.BytesPerWrite = 1;
        await _theirs.WriteAsync("slowly"u8.ToArray());
        Assert.That(await _ours.ReadExactlyAsync(6), Is.EqualTo("slowly"u8.ToArray()));
    }

    [Test]
    public async Task Half_a_record_holds_no_buffer()
    {
        await ConnectAsync(SslProtocols.Tls13, isServer: true);
        _wire.StopsAfter = 20;
        await _theirs.WriteAsync(new byte[100]);
        var reading = _ours.Input.ReadAsync().AsTask();
        // What has left the socket is still in the buffer for a moment.
        await Support.Eventually.IsTrueAsync(() => Task.FromResult(_ours.Available == 0 && !_ours.HoldsReceived), "the buffer is given back");
        Assert.That(reading.IsCompleted, Is.False);
        _ours.Abort();
        await reading;
    }

    [Test]
    public async Task A_goodbye_in_one_piece_with_data_ends_behind_the_data_though_the_network_stays_open()
    {
        await ConnectAsync(SslProtocols.Tls13, isServer: true);
        _wire.Holds = true;
        await _theirs.WriteAsync("last"u8.ToArray());
        _wire.Holds = false;
        await _theirs.ShutdownAsync();
        Assert.That(await _ours.ReadExactlyAsync(4), Is.EqualTo("last"u8.ToArray()));
        Assert.That((await _ours.Input.ReadAsync()).IsCompleted);
        Assert.That(_ours.End, Is.EqualTo(ConnectionEnd.PeerClosed));
    }

    [Test]
    public async Task Our_goodbye_is_close_notify()
    {
        await ConnectAsync(SslProtocols.Tls13, isServer: true);
        await _ours.DisposeAsync();
        Assert.That(await _theirs.ReadAsync(new byte[1]), Is.Zero);
    }

    [Test]
    public async Task A_changed_record_is_a_failure_of_TLS_behind_the_data_before_it([Values(SslProtocols.Tls12, SslProtocols.Tls13)] SslProtocols version)
    {
        await ConnectAsync(version, isServer: true);
        _wire.Holds = true;
        await _theirs.WriteAsync("good"u8.ToArray());
        _wire.Flips = true;
        _wire.Holds = false;
        await _theirs.WriteAsync("changed"u8.ToArray());
        Assert.That(await _ours.ReadExactlyAsync(4), Is.EqualTo("good"u8.ToArray()));
        Assert.That((await _ours.Input.ReadAsync()).IsCompleted);
        Assert.That(_ours.End, Is.EqualTo(ConnectionEnd.TlsFailure));
    }

    [Test]
    public async Task Keys_that_the_peer_changes_are_changed([Values] bool asksForOurs)
    {
        await ConnectAsync(SslProtocols.Tls13, isServer: true);
        for (var round = 0; round < 3; round++)
        {
            Assert.That(KeyUpdate(Handle(_theirs), asksForOurs ? 1 : 0), Is.EqualTo(1));
            await _theirs.WriteAsync("new keys"u8.ToArray());
            Assert.That(await _ours.ReadExactlyAsync(8), Is.EqualTo("new keys"u8.ToArray()));
            await _ours.Output.WriteAsync("seen"u8.ToArray());
            var answer = new byte[4];
            await _theirs.ReadExactlyAsync(answer);
            Assert.That(answer, Is.EqualTo("seen"u8.ToArray()));
        }
    }

    [Test]
    public async Task A_connection_that_is_disposed_of_while_it_is_read_and_written_ends()
    {
        for (var round = 0; round < 50; round++)
        {
            await ConnectAsync(SslProtocols.Tls13, isServer: true);
            var reading = Task.Run(async () => await _ours.Input.ReadAsync());
            var writing = Task.Run(async () =>
            {
                while (!(await _ours.Output.WriteAsync(new byte[100_000])).IsCompleted)
                {
                }
            });
            await _theirs.WriteAsync(new byte[10]);
            _ours.Abort();
            await _ours.DisposeAsync();
            await ((Task)Task.WhenAll(reading, writing)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (round < 49)
                await _theirs.DisposeAsync();
        }
    }

    [Test]
    public async Task SslStream_itself_finds_what_lies_behind_the_handshake()
    {
        var (server, client) = await ConnectionPair.SocketsAsync();
        _wire = new InterruptedStream(new NetworkStream(client, ownsSocket: true)) { HeldWrite = 2 };
        _theirs = new SslStream(_wire);
        _ours = new SocketConnection(server, ConnectionPair.WithTls(_certificates)); // Closes the socket.
        var stream = new SocketStream(server) { IsShakingHands = true };
        await using var ours = new SslStream(stream, leaveInnerStreamOpen: true);
        using var tls = new ServerTls(_certificates.CertificatePath, _certificates.PrivateKeyPath);
        var accepting = ours.AuthenticateAsServerAsync(tls.Current.Options);
        await _theirs.AuthenticateAsClientAsync(Options(SslProtocols.Tls13));
        await _theirs.WriteAsync("at once"u8.ToArray());
        await accepting;
        stream.IsShakingHands = false;
        var read = new byte[7];
        await ours.ReadExactlyAsync(read);
        Assert.That(read, Is.EqualTo("at once"u8.ToArray()));
    }

    private async Task ConnectAsync(SslProtocols version, bool isServer, bool holdsSecondFlight = false, Func<Task>? whenTheyAreReady = null)
    {
        var (near, far) = await ConnectionPair.SocketsAsync();
        _wire = new InterruptedStream(new NetworkStream(far, ownsSocket: true)) { HeldWrite = holdsSecondFlight ? 2 : 0 };
        _theirs = new SslStream(_wire);
        _ours = new SocketConnection(near, ConnectionPair.WithTls(_certificates));
        var upgrading = isServer ? _ours.UpgradeAsServerAsync(directTls: false, default).AsTask() : _ours.UpgradeAsClientAsync(default).AsTask();
        if (isServer)
        {
            await _theirs.AuthenticateAsClientAsync(Options(version));
        }
        else
        {
            using var tls = new ServerTls(_certificates.CertificatePath, _certificates.PrivateKeyPath, protocols: version);
            await _theirs.AuthenticateAsServerAsync(tls.Current.Options);
        }
        if (whenTheyAreReady is not null)
            await whenTheyAreReady();
        await upgrading;
    }

    private SslClientAuthenticationOptions Options(SslProtocols version)
    {
        var options = new ClientTls(ClientTlsMode.VerifyFull, "localhost", _certificates.AuthorityPath).Options;
        options.EnabledSslProtocols = version;
        return options;
    }

    private static SafeHandle Handle(SslStream tls) =>
        (SafeHandle)typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(tls)!;

    [DllImport("libssl.so.3", EntryPoint = "SSL_key_update", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int KeyUpdate(SafeHandle ssl, int type);
}
