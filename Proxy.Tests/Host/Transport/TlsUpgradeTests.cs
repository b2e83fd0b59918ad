using System.Net.Security;
using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Tests.Host.Transport;

[CancelAfter(30_000)]
public sealed class TlsUpgradeTests
{
    private TestCertificates _certificates = null!;

    [SetUp]
    public void Issue() => _certificates = new TestCertificates();

    [TearDown]
    public void Remove() => _certificates.Dispose();

    [Test]
    public async Task Both_ends_become_tls_after_plaintext()
    {
        await using var pair = await ConnectionPair.PlainAsync(ConnectionPair.WithTls(_certificates));
        await pair.Client.Output.WriteAsync("ask"u8.ToArray());
        Assert.That(await pair.Server.ReadExactlyAsync(3), Is.EqualTo("ask"u8.ToArray()));
        await pair.Server.Output.WriteAsync("S"u8.ToArray());
        Assert.That(await pair.Client.ReadExactlyAsync(1), Is.EqualTo("S"u8.ToArray()));

        await Task.WhenAll(
            pair.Server.UpgradeAsServerAsync(directTls: false, default).AsTask(),
            pair.Client.UpgradeAsClientAsync(default).AsTask());
        await pair.Client.Output.WriteAsync("secret"u8.ToArray());

        Assert.That(await pair.Server.ReadExactlyAsync(6), Is.EqualTo("secret"u8.ToArray()));
        Assert.That(pair.Server.IsEncrypted && pair.Client.IsEncrypted);
        Assert.That(pair.Server.TlsServerName, Is.EqualTo("localhost"));
        Assert.That(pair.Client.EndPointCertificate!.RawData, Is.EqualTo(pair.Server.EndPointCertificate!.RawData));
    }

    [Test]
    public async Task Bytes_in_front_of_the_handshake_are_refused_on_the_server_side()
    {
        await using var pair = await ConnectionPair.PlainAsync(ConnectionPair.WithTls(_certificates));
        await pair.Client.Output.WriteAsync("ask+injected"u8.ToArray());
        await pair.Server.ReadExactlyAsync(3);
        Assert.That(async () => await pair.Server.UpgradeAsServerAsync(directTls: false, default), Throws.InstanceOf<BytesBeforeTlsException>());
    }

    [Test]
    public async Task Bytes_in_front_of_the_handshake_are_refused_on_the_client_side()
    {
        await using var pair = await ConnectionPair.PlainAsync(ConnectionPair.WithTls(_certificates));
        await pair.Server.Output.WriteAsync("S+injected"u8.ToArray());
        await pair.Client.ReadExactlyAsync(1);
        Assert.That(async () => await pair.Client.UpgradeAsClientAsync(default), Throws.InstanceOf<BytesBeforeTlsException>());
    }

    [Test]
    public async Task Direct_tls_hands_the_received_bytes_to_the_handshake()
    {
        await using var pair = await ConnectionPair.PlainAsync(ConnectionPair.WithTls(_certificates));
        var client = pair.Client.UpgradeAsClientAsync(default).AsTask();
        var peek = await pair.Server.Input.ReadAsync();
        Assert.That(peek.Buffer.FirstSpan[0], Is.EqualTo(0x16));
        pair.Server.Input.AdvanceTo(peek.Buffer.Start);
        await Task.WhenAll(client, pair.Server.UpgradeAsServerAsync(directTls: true, default).AsTask());
        await pair.Server.Output.WriteAsync("hello"u8.ToArray());
        Assert.That(await pair.Client.ReadExactlyAsync(5), Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public async Task Direct_tls_without_alpn_is_refused()
    {
        await using var pair = await ConnectionPair.PlainAsync(ConnectionPair.WithTls(_certificates, alpn: false));
        var client = pair.Client.UpgradeAsClientAsync(default).AsTask();
        Assert.That(
            async () => await pair.Server.UpgradeAsServerAsync(directTls: true, default),
            Throws.InstanceOf<TlsHandshakeException>().With.Property("Failure").EqualTo(TlsHandshakeFailure.ApplicationProtocolMissing));
        await client;
    }

    [TestCase(ClientTlsMode.VerifyFull, "elsewhere", TlsHandshakeFailure.CertificateRejected)]
    [TestCase(ClientTlsMode.VerifyCa, "elsewhere", null)]
    [TestCase(ClientTlsMode.VerifyFull, "localhost", null)]
    public async Task The_name_in_the_certificate_counts_as_the_mode_says(ClientTlsMode mode, string expected, TlsHandshakeFailure? failure)
    {
        await using var pair = await ConnectionPair.PlainAsync(ConnectionPair.WithTls(_certificates, name: expected, mode: mode));
        Assert.That(await OutcomeAsync(pair), Is.EqualTo(failure));
    }

    [TestCase(ClientTlsMode.VerifyFull, TlsHandshakeFailure.CertificateRejected)]
    [TestCase(ClientTlsMode.VerifyCa, TlsHandshakeFailure.CertificateRejected)]
    [TestCase(ClientTlsMode.Insecure, null)]
    public async Task An_authority_that_is_not_trusted_counts_as_the_mode_says(ClientTlsMode mode, TlsHandshakeFailure? failure)
    {
        using var others = new TestCertificates();
        var options = ConnectionPair.WithTls(_certificates) with { ClientTls = new ClientTls(mode, "localhost", others.AuthorityPath) };
        await using var pair = await ConnectionPair.PlainAsync(options);
        Assert.That(await OutcomeAsync(pair), Is.EqualTo(failure));
    }

    [Test]
    public async Task A_client_that_says_nothing_meets_the_deadline()
    {
        var options = ConnectionPair.WithTls(_certificates) with { HandshakeTimeout = TimeSpan.FromMilliseconds(50) };
        await using var pair = await ConnectionPair.PlainAsync(options);
        Assert.That(
            async () => await pair.Server.UpgradeAsServerAsync(directTls: false, default),
            Throws.InstanceOf<TlsHandshakeException>().With.Property("Failure").EqualTo(TlsHandshakeFailure.Timeout));
    }

    [Test]
    public async Task Garbage_instead_of_a_handshake_is_a_protocol_failure()
    {
        await using var pair = await ConnectionPair.PlainAsync(ConnectionPair.WithTls(_certificates));
        await pair.Client.Output.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        Assert.That(
            async () => await pair.Server.UpgradeAsServerAsync(directTls: false, default),
            Throws.InstanceOf<TlsHandshakeException>().With.Property("Failure").EqualTo(TlsHandshakeFailure.Protocol));
    }

    [Test]
    public async Task A_peer_that_leaves_in_the_handshake_is_told_apart()
    {
        await using var pair = await ConnectionPair.PlainAsync(ConnectionPair.WithTls(_certificates));
        var upgrade = pair.Server.UpgradeAsServerAsync(directTls: false, default);
        await pair.Client.DisposeAsync();
        Assert.That(
            async () => await upgrade,
            Throws.InstanceOf<TlsHandshakeException>().With.Property("Failure").EqualTo(TlsHandshakeFailure.PeerClosed));
    }

    [Test]
    public async Task Tls_1_1_is_refused()
    {
        var (server, client) = await ConnectionPair.SocketsAsync();
        await using var connection = new Proxy.Host.Transport.SocketConnection(server, ConnectionPair.WithTls(_certificates));
#pragma warning disable SYSLIB0039, CA5397, CA5359 // That old versions are refused is the point.
        await using var old = new SslStream(new NetworkStream(client, ownsSocket: true), false, (_, _, _, _) => true);
        var attempt = old.AuthenticateAsClientAsync("localhost", null, System.Security.Authentication.SslProtocols.Tls11, false);
#pragma warning restore SYSLIB0039, CA5397, CA5359
        Assert.That(async () => await connection.UpgradeAsServerAsync(directTls: false, default), Throws.InstanceOf<TlsHandshakeException>());
        Assert.That(async () => await attempt, Throws.Exception);
    }

    [Test]
    public void A_changed_certificate_is_taken_and_a_broken_one_is_reported_and_ignored()
    {
        var reloads = new List<Exception?>();
        using var tls = new ServerTls(_certificates.CertificatePath, _certificates.PrivateKeyPath, reloads.Add);
        var first = tls.Current;

        _certificates.Issue("renewed");
        File.SetLastWriteTimeUtc(_certificates.CertificatePath, DateTime.UtcNow.AddSeconds(1));
        tls.ReloadIfChanged();
        var second = tls.Current;
        Assert.That(second.Certificate.Subject, Is.EqualTo("CN=renewed"));

        File.WriteAllText(_certificates.CertificatePath, "no certificate");
        tls.ReloadIfChanged();
        Assert.That(tls.Current, Is.SameAs(second).And.Not.SameAs(first));
        Assert.That(reloads, Has.Count.EqualTo(2).And.Exactly(1).Null);
    }

    private static async Task<TlsHandshakeFailure?> OutcomeAsync(ConnectionPair pair)
    {
        var server = pair.Server.UpgradeAsServerAsync(directTls: false, default).AsTask();
        try
        {
            await pair.Client.UpgradeAsClientAsync(default);
            await server;
            return null;
        }
        catch (TlsHandshakeException e)
        {
            pair.Client.Abort();
            await ((Task)server).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return e.Failure;
        }
    }
}
