using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Identity;

/// <summary>Identity providers that are down, slow, or serve garbage, in front of the real program: a code of its own, in time, and the others go on.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class IssuerOutageTests(bool isMySql)
{
    private readonly List<ScriptedServer> _servers = [];
    private readonly Dictionary<string, string> _issuers = [];
    private PhiGateProcess _gateway = null!;
    private TestIdentityProvider _provider = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _provider = await TestIdentityProvider.StartAsync();
        _issuers["down"] = $"https://localhost:{FreePort.Next()}";
        _issuers["slow"] = Broken("");
        _issuers["page"] = Broken(Http("text/html", "<html>Down for maintenance</html>"));
        _issuers["lie"] = Broken(Http("application/json", """{"issuer":"https://somebody-else.test","jwks_uri":"https://somebody-else.test/keys"}"""));
        _issuers["endless"] = Broken("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n" + new string('[', 2 << 20));
        _issuers["away"] = Broken("HTTP/1.1 302 Found\r\nLocation: https://somebody-else.test/\r\nContent-Length: 0\r\n\r\n");
        var postgres = isMySql ? null : await SharedServers.PostgresAsync();
        var mariaDb = isMySql ? await SharedServers.MariaDbAsync() : null;
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = postgres,
            MariaDb = mariaDb,
            Database = await (postgres?.CreateDatabaseAsync("outage") ?? mariaDb!.CreateDatabaseAsync("outage")),
            Issuer = _provider.Issuer,
            MoreIssuers = string.Join('\n', _issuers.Select(issuer => $"""
                - name: {issuer.Key}
                  issuer: {issuer.Value}
                  audiences: [phigate]
                  ca-file: {TestCertificates.Shared.AuthorityPath}
                  keys: {"{ fetch-timeout-seconds: 2 }"}
                """)),
        });
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
    }

    [Test]
    public async Task One_that_cannot_give_its_keys_admits_nobody_and_holds_up_nobody([Values("down", "slow", "page", "lie", "endless", "away")] string kind)
    {
        var waiting = AskAsync(_gateway.EndpointWith(_provider.IssueToken(claims: new Dictionary<string, object?> { ["iss"] = _issuers[kind] })), "select 1");
        var other = await AskAsync(_gateway.Endpoint(), "select 1");
        var refused = await waiting;

        Assert.That(other.Output, Is.EqualTo("1\n"), other.Errors);
        Assert.That(refused.Errors, Does.Contain("phigate code=issuer-unavailable retry=yes").And.Not.Contain("localhost:"));
        Assert.That(
            (await RecordedEvents.OfAsync<DecodedSignInRefused>(_gateway.JournalDirectory)).Select(record => record.Detail), Has.Some.Contains($"keys of issuer {kind}: "));
    }

    [Test]
    public async Task Keys_that_are_known_serve_on_while_the_issuer_is_down_and_unknown_ones_do_not()
    {
        var groups = new Dictionary<string, object?> { ["groups"] = new[] { PhiGateOptions.ShowGroup } };
        var before = await AskAsync(_gateway.EndpointWith(_provider.IssueToken(claims: groups)), "select 1");
        _provider.IsDown = true;
        var during = await AskAsync(_gateway.EndpointWith(_provider.IssueToken(claims: groups)), "select 2");
        _provider.RotateKey();
        var rotated = await AskAsync(_gateway.EndpointWith(_provider.IssueToken(claims: groups)), "select 3");
        _provider.IsDown = false;

        Assert.That((before.Output, during.Output), Is.EqualTo(("1\n", "2\n")), before.Errors + during.Errors);
        Assert.That(rotated.Errors, Does.Contain("phigate code=issuer-unavailable ").Or.Contain("phigate code=token-key "));
    }

    private Task<CommandResult> AskAsync(ClientEndpoint endpoint, string sql) =>
        isMySql ? MariaDbClient.RunAsync(endpoint, sql, "--skip-column-names") : Psql.RunAsync(endpoint, sql, "-At");

    private static string Http(string type, string body) => $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>A provider that answers whatever it is asked with the same text, or not at all.</summary>
    private string Broken(string answer)
    {
        var provider = new ScriptedServer(async session =>
        {
            await session.UpgradeAsync(TestCertificates.Shared.Server);
            if (answer.Length == 0)
                await session.StallAsync();
            await session.SendAsync(Encoding.ASCII.GetBytes(answer));
            await session.StallAsync();
        });
        _servers.Add(provider);
        return $"https://localhost:{provider.Port}";
    }
}
