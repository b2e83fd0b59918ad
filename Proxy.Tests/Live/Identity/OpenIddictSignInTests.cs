using NUnit.Framework;
using Proxy.Bench.Identity;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>The demonstration's OpenID provider, OpenIddict in process: from its discovery document to an answer in psql.</summary>
public sealed class OpenIddictSignInTests
{
    [Test]
    public async Task A_client_of_the_provider_signs_in_and_one_that_lies_about_its_secret_gets_no_token()
    {
        var (agent, stranger) = (new OpenIdClient("demo-agent", [PhiGateOptions.ShowGroup]), new OpenIdClient("demo-agent", []));
        await using var provider = await OpenIdProvider.StartAsync(
            FreePort.Next(), TestCertificates.Shared.Server, TestCertificates.Shared.Authority, [agent], CancellationToken.None);
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync("openiddict");
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = database,
            MoreIssuers = $"""
                - name: openiddict
                  issuer: {provider.Issuer}
                  audiences: [{OpenIdProvider.Audience}]
                  ca-file: {TestCertificates.Shared.AuthorityPath}
                  types: [at+jwt]
                """,
        });

        var admitted = await Psql.RunAsync(gateway.EndpointWith(await provider.RequestTokenAsync(agent, CancellationToken.None)), "select 40 + 2", "-At");
        Assert.That((admitted.ExitCode, admitted.Output), Is.EqualTo((0, "42\n")), admitted.Errors);
        Assert.That((await RecordedEvents.OfAsync<DecodedSessionOpened>(gateway.JournalDirectory)).Select(opened => opened.Agent), Is.EqualTo(new[] { "demo-agent" }));
        Assert.That(() => provider.RequestTokenAsync(stranger, CancellationToken.None), Throws.InvalidOperationException);
    }
}
