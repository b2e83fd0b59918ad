using System.Text;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Protocols;
using Proxy.Tests.Core.Journal;
using Proxy.Tests.Live.Model;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>The disk takes records and loses them: what was recorded on it is not forwarded, and the session says why it ends.</summary>
public sealed class FailingJournalTests
{
    [Test]
    public async Task A_statement_whose_record_does_not_become_durable_is_not_forwarded_and_ends_the_session()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await using var harness = await DialectHarness.StartAsync(server, database, GatewayHarness.ShowEverything, ModelDatabase.Classifier);
        await using var session = await harness.OpenAsync();
        harness.Journal.IsFailing = true;
        await session.Client.Output.WriteAsync(PostgresRequests.Query("create table it_ran ()"));
        Assert.That(await session.Ended, Is.EqualTo(SessionEnd.JournalUnavailable));
        var lastWords = await session.Client.Input.ReadAsync();
        Assert.That(Encoding.UTF8.GetString(lastWords.Buffer.FirstSpan), Does.Contain("58030").And.Contain("journal-unavailable"));
        Assert.That(await HasRunAsync(server, database), Is.False);
    }

    [Test]
    public async Task When_the_disk_fails_live_sessions_are_told_and_new_ones_do_not_begin()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        var disk = new BrokenDisk();
        await using var gateway = await GatewayHarness.StartAsync(server, database, GatewayHarness.ShowEverything, faults: new HarnessFaults { Sync = disk });
        await using var waiting = await WireClient.OpenAsync(gateway.Endpoint);
        await using var live = await WireClient.OpenAsync(gateway.Endpoint);
        await Answer.IsServedAsync(waiting);
        await Answer.IsServedAsync(live);

        disk.Break();
        try
        {
            await waiting.SendAsync(PostgresRequests.Query("create table it_ran ()"));
            await Answer.EndsWithFatalAsync(waiting, "58030", "journal-unavailable");
            await Eventually.IsTrueAsync(() => Task.FromResult(gateway.Journal.State is JournalState.Full), "the journal takes no statements");
            Answer.IsRefusal(await live.QueryAsync("create table it_ran ()"), "58030", "journal-unavailable");
            Assert.That(async () => await (await WireClient.OpenAsync(gateway.Endpoint)).DisposeAsync(), Throws.InvalidOperationException.With.Message.Contains("58030"));
        }
        finally
        {
            // So that it can be closed.
            disk.Mend();
        }
        Assert.That(await HasRunAsync(server, database), Is.False);
    }

    private static async Task<bool> HasRunAsync(PostgresServer server, string database)
    {
        await using var direct = new NpgsqlConnection(server.ConnectionString(database));
        await direct.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from pg_class where relname = 'it_ran'", direct);
        return (long)(await count.ExecuteScalarAsync())! > 0;
    }
}
