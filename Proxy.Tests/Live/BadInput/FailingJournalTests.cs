using System.Text;
using Npgsql;
using NUnit.Framework;
using Proxy.Protocols;
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
        await using var direct = new NpgsqlConnection(server.ConnectionString(database));
        await direct.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from pg_class where relname = 'it_ran'", direct);
        Assert.That(await count.ExecuteScalarAsync(), Is.Zero);
    }
}
