using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>What a certified OpenID provider does over time, in front of the real program: people who log in by the device flow, and keys that change.</summary>
public sealed partial class ProviderFlowTests
{
    private const string Rules = """
        version: 1
        rules:
          - name: everybody-at-the-provider
            who: { issuers: [provider] }
            risk: { within: [read] }
            verdict: mask
        """;

    private OidcProviderProcess _provider = null!;
    private PhiGateProcess _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _provider = await OidcProviderProcess.StartAsync();
        var server = await SharedServers.PostgresAsync();
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync("flows"),
            TradesTokens = true,
            Rules = Rules,
            MoreIssuers = $"""
                - name: provider
                  issuer: {_provider.Issuer.AbsoluteUri.TrimEnd('/')}
                  audiences: [{OidcProviderProcess.Audience}]
                  ca-file: {TestCertificates.Shared.AuthorityPath}
                  types: [at+jwt]
                  keys: {"{ refresh-on-unknown-key-seconds-min: 1 }"}
                """,
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
    }

    [Test]
    public async Task A_person_logs_in_by_the_device_flow_and_connects()
    {
        await using var login = await _gateway.StartToolAsync(
            null, "login", "--issuer", _provider.Issuer.AbsoluteUri.TrimEnd('/'), "--client-id", OidcProviderProcess.ToolId, "--scope", "openid query", "--audience", "urn:phigate");
        Assert.That(await login.WaitForOutputAsync("enter the code", TimeSpan.FromSeconds(60)), Is.True, login.Output);
        await _provider.ApproveAsync(new Uri(Address().Match(login.Output).Groups[1].Value));
        var exit = await login.WaitForExitAsync(CancellationToken.None);

        var who = await _gateway.RunToolAsync(null, "whoami");
        var asked = await _gateway.RunToolAsync(null, "connect", _gateway.Endpoint().Database, "--", "psql", "-X", "-At", "-c", "select 40 + 2");
        Assert.That(exit, Is.Zero, login.Output);
        Assert.That(who.Output, Does.Match($@"subject:\s+{OidcProviderProcess.PersonId}").And.Match($@"agent:\s+{OidcProviderProcess.ToolId} \(verified\)"), who.Errors);
        Assert.That(asked.Output, Is.EqualTo("42\n"), asked.Errors);
    }

    [Test]
    public async Task Tokens_of_a_new_key_admit_those_of_the_one_before_too_and_those_of_a_withdrawn_one_no_more()
    {
        var first = await _provider.RequestTokenAsync();
        var before = await AskAsync(first);
        await _provider.RotateKeyAsync();
        await AdmitsAsync(await _provider.RequestTokenAsync());
        var during = await AskAsync(first);
        await _provider.RotateKeyAsync();
        await AdmitsAsync(await _provider.RequestTokenAsync());
        var after = await AskAsync(first);

        Assert.That((before.Output, during.Output), Is.EqualTo(("42\n", "42\n")), before.Errors + during.Errors);
        Assert.That(after.Errors, Does.Contain("phigate code=token-key "));
    }

    private Task<CommandResult> AskAsync(string token) => Psql.RunAsync(_gateway.EndpointWith(token), "select 40 + 2", "-At");

    /// <summary>The key set is fetched again for an unknown key, but not twice within a second.</summary>
    private Task AdmitsAsync(string token) => Eventually.IsTrueAsync(async () => (await AskAsync(token)).Output == "42\n", "the new key is known");

    [GeneratedRegex("Open (https://[^ ]+) and enter")]
    private static partial Regex Address();
}
