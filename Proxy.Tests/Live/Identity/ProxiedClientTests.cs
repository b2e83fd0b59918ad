using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Host.Transport.ProxyProtocol;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Identity;

/// <summary>The real program behind a load balancer: whose address is recorded, and whose is limited.</summary>
public sealed class ProxiedClientTests
{
    private PhiGateProcess _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedServers.PostgresAsync();
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync("proxied"),
            Listener = "proxy-protocol: { networks: [127.0.0.0/8] }",
            TradesTokens = true,
            Credentials = "proxy-protocol: { networks: [127.0.0.0/8] }",
            Limits = "sign-in-failures-per-minute-per-address-max: 2",
        });
    }

    [OneTimeTearDown]
    public async Task Stop() => await _gateway.DisposeAsync();

    private static ClientEndpoint Through(PrefixingRelay relay, ClientEndpoint endpoint) => endpoint with { Port = relay.Port };

    [Test]
    public async Task The_record_has_the_clients_own_address()
    {
        await using var relay = new PrefixingRelay(_gateway.Endpoint().Port, ProxyHeaderBytes.Tcp4("203.0.113.7", 51234));
        var asked = await Psql.RunAsync(Through(relay, _gateway.Endpoint()), "select 1", "-At");
        Assert.That(asked.Output, Is.EqualTo("1\n"), asked.Errors);
        Assert.That((await RecordedEvents.OfAsync<DecodedSessionOpened>(_gateway.JournalDirectory)).Select(opened => opened.ClientAddress), Does.Contain("203.0.113.7:51234"));
    }

    [Test]
    public async Task Failures_are_counted_by_the_clients_own_address()
    {
        await using var guessing = new PrefixingRelay(_gateway.Endpoint().Port, ProxyHeaderBytes.Tcp4("198.51.100.9", 1));
        await using var other = new PrefixingRelay(_gateway.Endpoint().Port, ProxyHeaderBytes.Tcp4("198.51.100.10", 1));
        var errors = "";
        for (var i = 0; i < 4; i++) // A minute may end in between, but not twice.
            errors = (await Psql.RunAsync(Through(guessing, _gateway.EndpointWith("wrong")), "select 1")).Errors;
        Assert.That(errors, Does.Contain("phigate code=sign-in-throttled "));
        Assert.That((await Psql.RunAsync(Through(other, _gateway.EndpointWith("wrong")), "select 1")).Errors, Does.Contain("phigate code=token-malformed "));
    }

    [Test]
    public async Task Over_MySQL_a_client_is_recorded_and_limited_by_its_own_address_too()
    {
        var server = await SharedServers.MariaDbAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            MariaDb = server,
            Database = await server.CreateDatabaseAsync("proxied"),
            Listener = "proxy-protocol: { networks: [127.0.0.0/8] }",
            Limits = "sign-in-failures-per-minute-per-address-max: 2",
        });
        await using var guessing = new PrefixingRelay(gateway.Endpoint().Port, ProxyHeaderBytes.Tcp4("198.51.100.9", 1));
        await using var other = new PrefixingRelay(gateway.Endpoint().Port, ProxyHeaderBytes.Tcp4("203.0.113.7", 51234));
        async Task<MySqlPacket> AnswerAsync(PrefixingRelay relay, ClientEndpoint endpoint)
        {
            await using var client = await MySqlWireClient.ConnectAsync("127.0.0.1", relay.Port);
            await client.LogInAsync(endpoint);
            return client.LoginReply;
        }

        var errors = "";
        for (var i = 0; i < 4; i++) // A minute may end in between, but not twice.
            errors = (await AnswerAsync(guessing, gateway.EndpointWith("wrong"))).Message;
        var admitted = await AnswerAsync(other, gateway.Endpoint());

        Assert.That(errors, Does.StartWith("phigate code=sign-in-throttled "));
        Assert.That(admitted.IsOk, Is.True, admitted.ToString());
        Assert.That((await RecordedEvents.OfAsync<DecodedSessionOpened>(gateway.JournalDirectory)).Single().ClientAddress, Is.EqualTo("203.0.113.7:51234"));
    }

    [Test]
    public async Task Who_trades_a_token_is_recorded_with_its_own_address()
    {
        await using var relay = new PrefixingRelay(_gateway.Desk.Port, ProxyHeaderBytes.Tcp6("2001:db8::7", 51234));
        using var desk = new CredentialDeskClient(new UriBuilder(_gateway.Desk) { Port = relay.Port }.Uri);
        var credential = await desk.IssueAsync(_gateway.Token(), new { target = _gateway.Endpoint().Database });
        var issued = await RecordedEvents.OfAsync<DecodedCredentialIssued>(_gateway.JournalDirectory);
        Assert.That(issued.Single(record => record.Grant == credential.User).ClientAddress, Is.EqualTo("[2001:db8::7]:51234"));
    }

    [Test]
    public async Task A_connection_to_the_endpoint_without_the_header_is_closed()
    {
        using var desk = new CredentialDeskClient(_gateway.Desk);
        Assert.That(() => desk.SendAsync(HttpMethod.Get, "v1/whoami", _gateway.Token()), Throws.InstanceOf<HttpRequestException>());
        await Eventually.IsTrueAsync(() => Task.FromResult(_gateway.Output.Contains("none of a load balancer", StringComparison.Ordinal)), "it is logged");
    }

    [Test]
    public async Task A_connection_without_the_header_is_closed_and_recorded()
    {
        var asked = await Psql.RunAsync(_gateway.Endpoint(), "select 1");
        Assert.That(asked.ExitCode, Is.EqualTo(2));
        Assert.That(asked.Errors, Does.Not.Contain("phigate code="));
        Assert.That((await RecordedEvents.OfAsync<DecodedSignInRefused>(_gateway.JournalDirectory)).Select(refused => refused.Code), Does.Contain("proxy-header"));
    }
}
