using Npgsql;
using NUnit.Framework;
using Proxy.Host.Catalogue;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Transport;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Configuration;

/// <summary>Every use of a target's TLS verifies the same: sessions and cancel requests by our transport, the catalogue and checks by Npgsql.</summary>
public sealed class TargetConnectionTests
{
    private PostgresServer _server = null!;
    private PostgresServer _oldServer = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _oldServer = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            Settings = new Dictionary<string, string> { ["ssl_max_protocol_version"] = "TLSv1.2" },
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _oldServer.DisposeAsync();

    [TestCase("localhost", TargetTlsMode.VerifyFull, true)]
    [TestCase("elsewhere.test", TargetTlsMode.VerifyFull, false)]
    [TestCase("elsewhere.test", TargetTlsMode.VerifyCa, true)]
    public async Task The_name_to_verify_can_be_another_than_the_addresss(string name, TargetTlsMode mode, bool isAccepted)
    {
        var target = Target(_server, new TargetTlsOptions { Mode = mode, CaFile = TestCertificates.Shared.AuthorityPath, ServerName = name });
        Assert.That((await SessionLegAsync(target), await CatalogueLegAsync(target)), Is.EqualTo((isAccepted, isAccepted)));
    }

    [Test]
    public async Task An_authority_that_the_operator_did_not_name_is_not_trusted()
    {
        using var others = new TestCertificates();
        var target = Target(_server, new TargetTlsOptions { CaFile = others.AuthorityPath, ServerName = "localhost" });
        Assert.That((await SessionLegAsync(target), await CatalogueLegAsync(target)), Is.EqualTo((false, false)));
    }

    [TestCase(TlsVersion.Tls12, true)]
    [TestCase(TlsVersion.Tls13, false)]
    public async Task A_server_below_the_lowest_version_is_refused(TlsVersion minimum, bool isAccepted)
    {
        var target = Target(
            _oldServer, new TargetTlsOptions { CaFile = TestCertificates.Shared.AuthorityPath, ServerName = "localhost", MinimumVersion = minimum });
        Assert.That((await SessionLegAsync(target), await CatalogueLegAsync(target)), Is.EqualTo((isAccepted, isAccepted)));
    }

    private static TargetOptions Target(PostgresServer server, TargetTlsOptions tls) => new()
    {
        Name = "test",
        Address = new NetworkAddress("127.0.0.1", server.Port),
        Databases = ["postgres"],
        DatabaseUser = TestUser.Scram.Name,
        Credential = new CredentialOptions(),
        Tls = tls,
    };

    private static async Task<bool> SessionLegAsync(TargetOptions target)
    {
        var options = new SocketConnectionOptions { ClientTls = TargetConnection.TlsOf(target) };
        await using var connection = await new ServerDialer(target.Address.Host, target.Address.Port, options, TimeSpan.FromSeconds(10)).ConnectAsync(CancellationToken.None);
        try
        {
            await PostgresServerLogin.EncryptAsync(connection, CancellationToken.None);
            return true;
        }
        catch (TlsHandshakeException)
        {
            return false;
        }
    }

    private static async Task<bool> CatalogueLegAsync(TargetOptions target)
    {
        await using var loader = new CatalogueLoader(
            TargetConnection.For(target, "postgres"), TimeProvider.System, TargetConnection.TlsOf(target),
            new ChangingCredentials(static () => (TestUser.Scram.Name, TestUser.Scram.Password)));
        try
        {
            await loader.FingerprintAsync(CancellationToken.None);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
