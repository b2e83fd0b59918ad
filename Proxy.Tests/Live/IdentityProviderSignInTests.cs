using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live;

/// <summary>From an identity provider that we did not write, by discovery over HTTPS, to an answer in psql.</summary>
public sealed class IdentityProviderSignInTests
{
    private const string Rules = """
        version: 1
        rules:
          - name: agents-of-the-provider
            who: { issuers: [provider], agents: [agent-1] }
            risk: { within: [read] }
            verdict: mask
        """;

    [Test]
    public async Task A_token_of_the_provider_admits_and_one_for_another_audience_reaches_no_server()
    {
        await using var provider = await OidcProviderProcess.StartAsync();
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            LogStatements = true,
            Settings = new Dictionary<string, string> { ["log_connections"] = "on" },
        });
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await PhiGateProcess.StartAsync(
            new PhiGateOptions { Server = server, Database = database, Issuer = provider.Issuer, Rules = Rules });
        var token = await provider.RequestTokenAsync();
        var foreign = await provider.RequestTokenAsync("urn:elsewhere");

        var admitted = await Psql.RunAsync(gateway.EndpointWith(token), "select 40 + 2", "-At");
        var refused = await Psql.RunAsync(gateway.EndpointWith(foreign), "select 43", "-At");
        var refusal = await Assert.CatchAsync<InvalidOperationException>(async () => await (await WireClient.OpenAsync(gateway.EndpointWith(foreign))).DisposeAsync());
        await gateway.StopAsync();
        await server.StopAsync();

        Assert.That((admitted.ExitCode, admitted.Output), Is.EqualTo((0, "42\n")), admitted.Errors);
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((2, "")), refused.Errors);
        Assert.That(refused.Errors, Does.Contain("FATAL:  the token is meant for another audience").And.Contain("phigate code=token-audience "));
        Assert.That(refusal?.Message, Does.Contain("28P01"));
        Assert.That((await server.ReadConnectionLogAsync()).Count(application => application == "psql"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_agent_acts_for_a_person_whose_token_it_has_traded()
    {
        await using var provider = await OidcProviderProcess.StartAsync();
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync("delegated");
        await using var gateway = await PhiGateProcess.StartAsync(
            new PhiGateOptions { Server = server, Database = database, Issuer = provider.Issuer, Rules = Rules });
        var persons = await provider.RequestTokenAsync(client: OidcProviderProcess.PersonId);

        var admitted = await Psql.RunAsync(gateway.EndpointWith(await provider.ExchangeAsync(persons)), "select 40 + 2", "-At");
        Assert.That((admitted.ExitCode, admitted.Output), Is.EqualTo((0, "42\n")), admitted.Errors);
        var opened = (await RecordedEvents.OfAsync<DecodedSessionOpened>(gateway.JournalDirectory)).Single();
        Assert.That((opened.Agent, opened.Human, opened.Marks.Agent, opened.Marks.Human),
            Is.EqualTo((OidcProviderProcess.ClientId, OidcProviderProcess.PersonId, Provenance.Verified, Provenance.Verified)));
        Assert.That(() => provider.ExchangeAsync(persons[..^4] + "AAAA"), Throws.InstanceOf<HttpRequestException>());
    }
}
