using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Transport;

/// <summary>What is demanded of a server beside a trusted chain, and how it follows its files.</summary>
public sealed class ClientTlsTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void Start() => _directory = new TemporaryDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    [TestCase(ClientTlsMode.VerifyFull, true, null)]
    [TestCase(ClientTlsMode.Insecure, true, null)]
    [TestCase(ClientTlsMode.VerifyFull, false, TlsHandshakeFailure.CertificateRejected)]
    [TestCase(ClientTlsMode.Insecure, false, TlsHandshakeFailure.CertificateRejected)]
    public async Task A_pinned_key_is_demanded_whatever_else_is_verified(ClientTlsMode mode, bool isTheServers, TlsHandshakeFailure? failure)
    {
        var certificates = Support.TestCertificates.Shared;
        var pin = PublicKeyPin.Of(isTheServers ? certificates.Server : certificates.Authority);
        Assert.That(await OutcomeAsync(new ClientTls(new ClientTlsSettings
        {
            Mode = mode,
            ServerName = "localhost",
            Authorities = mode is ClientTlsMode.VerifyFull ? certificates.AuthorityPath : null,
            Pins = ["sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", pin],
        })), Is.EqualTo(failure));
    }

    [Test]
    public async Task A_pin_does_not_replace_what_the_mode_verifies() =>
        Assert.That(await OutcomeAsync(new ClientTls(new ClientTlsSettings
        {
            ServerName = "elsewhere.test",
            Authorities = Support.TestCertificates.Shared.AuthorityPath,
            Pins = [PublicKeyPin.Of(Support.TestCertificates.Shared.Server)],
        })), Is.EqualTo(TlsHandshakeFailure.CertificateRejected));

    [Test]
    public async Task A_pin_is_what_openssl_prints()
    {
        var printed = await Command.MustRunAsync("sh", ["-c",
            $"openssl x509 -in {Support.TestCertificates.Shared.ServerCertificatePath} -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64"]);
        Assert.That(PublicKeyPin.Of(Support.TestCertificates.Shared.Server), Is.EqualTo("sha256/" + printed.Trim()));
    }

    [Test]
    public async Task Authorities_are_read_again_when_their_file_has_changed_and_stay_when_it_is_none()
    {
        using var others = new Support.TestCertificates();
        var file = _directory.Combine("authorities.pem");
        File.Copy(others.AuthorityPath, file);
        var time = new FakeTimeProvider();
        var reloads = new List<Exception?>();
        var tls = new ClientTls(new ClientTlsSettings { ServerName = "localhost", Authorities = file }, time, reloads.Add);
        var before = await OutcomeAsync(tls);

        Replace(file, await File.ReadAllTextAsync(Support.TestCertificates.Shared.AuthorityPath), 1);
        var atOnce = await OutcomeAsync(tls);
        time.Advance(TimeSpan.FromSeconds(5));
        var after = await OutcomeAsync(tls);
        Replace(file, "no certificate", 2);
        time.Advance(TimeSpan.FromSeconds(5));
        var broken = await OutcomeAsync(tls);

        Assert.That((before, atOnce, after, broken),
            Is.EqualTo(((TlsHandshakeFailure?)TlsHandshakeFailure.CertificateRejected, (TlsHandshakeFailure?)TlsHandshakeFailure.CertificateRejected, (TlsHandshakeFailure?)null, (TlsHandshakeFailure?)null)));
        Assert.That(reloads.Select(fault => fault is null), Is.EqualTo(new[] { true, false }));
    }

    private static void Replace(string file, string text, int minutesLater)
    {
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(minutesLater));
    }

    private static async Task<TlsHandshakeFailure?> OutcomeAsync(ClientTls tls)
    {
        var certificates = Support.TestCertificates.Shared;
        var options = new Proxy.Host.Transport.SocketConnectionOptions
        {
            ServerTls = new ServerTls(certificates.ServerCertificatePath, certificates.ServerKeyPath),
            ClientTls = tls,
        };
        await using var pair = await ConnectionPair.PlainAsync(options);
        var server = pair.Server.UpgradeAsServerAsync(directTls: false, CancellationToken.None).AsTask();
        try
        {
            await pair.Client.UpgradeAsClientAsync(CancellationToken.None);
            await server;
            return null;
        }
        catch (TlsHandshakeException failed)
        {
            await pair.Client.DisposeAsync();
            await server.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
            return failed.Failure;
        }
    }
}
