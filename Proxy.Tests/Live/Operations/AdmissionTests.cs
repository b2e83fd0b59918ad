using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Operations;

/// <summary>Who gets in and for how long, and what keeps the program from starting at all.</summary>
public sealed class AdmissionTests
{
    private PostgresServer _server = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync("admission");
    }

    [Test]
    public async Task A_place_is_free_again_when_its_session_is_over()
    {
        await using var gateway = await StartAsync("sessions-per-identity-max: 1");
        await using (await WireClient.OpenAsync(gateway.Endpoint()))
        {
            Assert.That(async () => await WireClient.OpenAsync(gateway.Endpoint()), Throws.InvalidOperationException.With.Message.Contains("53300"));
            await using var other = await WireClient.OpenAsync(gateway.EndpointWith(gateway.Token(subject: "agent-2")));
        }
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    await using var again = await WireClient.OpenAsync(gateway.Endpoint());
                    return true;
                }
                catch (InvalidOperationException)
                {
                    return false;
                }
            },
            "the identity can sign in again");
    }

    [Test]
    public async Task A_session_ends_with_its_token_but_finishes_its_transaction()
    {
        await using var gateway = await StartAsync("");
        await using var idle = await WireClient.OpenAsync(gateway.EndpointWith(gateway.Token(lifetimeSeconds: 3)));
        await using var working = await WireClient.OpenAsync(gateway.EndpointWith(gateway.Token(lifetimeSeconds: 3)));
        await working.QueryAsync("begin");
        var end = (await idle.ReceiveToEndAsync()).Single();
        Assert.That((end.Field('C'), end.Field('D')), Is.EqualTo(("57P01", "phigate code=session-expired retry=yes why=the token that admitted this session has expired")));
        Assert.That(string.Concat((await working.QueryAsync("select 1")).Select(frame => frame.Type)), Is.EqualTo("TDCZ"));
        await working.SendAsync(PostgresRequests.Query("commit"));
        Assert.That(string.Concat((await working.ReceiveToEndAsync()).Select(frame => frame.Type)), Is.EqualTo("CZE"));
    }

    [Test]
    public void A_database_user_whose_rights_masking_cannot_survive_keeps_it_from_starting() =>
        Assert.That(
            async () => await PhiGateProcess.StartAsync(new PhiGateOptions { Server = _server, Database = _database, User = TestUser.Postgres }),
            Throws.InvalidOperationException.With.Message.Contains("SUPERUSER").And.Message.Contains("gateway.yaml:"));

    [Test]
    public void A_reviewed_column_that_does_not_exist_keeps_it_from_starting() =>
        Assert.That(
            async () => await PhiGateProcess.StartAsync(new PhiGateOptions
            {
                Server = _server,
                Database = _database,
                Classification = "tables: { public.nowhere: { name: name } }",
            }),
            Throws.InvalidOperationException.With.Message.Contains("there is no table public.nowhere"));

    private Task<PhiGateProcess> StartAsync(string limits) =>
        PhiGateProcess.StartAsync(new PhiGateOptions { Server = _server, Database = _database, Limits = limits });
}
