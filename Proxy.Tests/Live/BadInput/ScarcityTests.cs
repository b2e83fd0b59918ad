using System.Globalization;
using Npgsql;
using NUnit.Framework;
using Proxy.Tests.Core.Journal;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>The gateway lacks what it needs to let a statement through: it refuses, and works again afterwards.</summary>
public sealed class ScarcityTests
{
    [Test]
    public async Task Without_room_in_the_journal_nothing_is_forwarded()
    {
        var server = await StatementLogServer.Instance;
        var disk = new RationedAllocator(1);
        await using var gateway = await GatewayHarness.StartAsync(
            server, "postgres", GatewayHarness.ShowEverything, faults: new HarnessFaults { Disk = disk });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        var number = 0;
        IReadOnlyList<WireFrame> frames;
        do frames = await client.QueryAsync(Statement(++number));
        while (frames[0].Type != WireFrame.ErrorResponse);
        Answer.IsRefusal(frames, "58030", "journal-unavailable");
        await client.SendAsync(
            PostgresRequests.Parse("", Statement(++number)), PostgresRequests.Bind("", "", (string?[])[]), PostgresRequests.Execute(""), PostgresRequests.Sync());
        Answer.IsRefusal(await client.ReceiveUntilReadyAsync(), "58030", "journal-unavailable");

        disk.Grant(4);
        // A session that runs into refusals too often is ended; making a segment takes its time.
        while ((frames = await client.QueryAsync("select 'room again'"))[0].Type == WireFrame.ErrorResponse)
            await Task.Delay(100);
        var log = await StatementLogServer.ReadAsync();
        Assert.That(log, Does.Contain(Marker(number - 2)).And.Contain("room again"));
        Assert.That(log, Does.Not.Contain(Marker(number - 1)).And.Not.Contain(Marker(number)));
    }

    [Test]
    public async Task With_a_stale_catalogue_nothing_new_is_forwarded()
    {
        var server = await StatementLogServer.Instance;
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await GatewayHarness.StartAsync(server, database, GatewayHarness.ShowEverything);
        var catalogue = await BackendsAsync(server, database);
        Assert.That(catalogue, Is.Not.Empty);
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await Answer.IsServedAsync(client);
        await SignalAsync("STOP", catalogue);
        try
        {
            while (gateway.Catalogue.IsFresh)
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            Answer.IsRefusal(await client.QueryAsync("select 'while the catalogue is stale'"), "55000", "catalogue-stale");
        }
        finally
        {
            await SignalAsync("CONT", catalogue);
        }

        while (!gateway.Catalogue.IsFresh)
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        await Answer.IsServedAsync(client);
        Assert.That(await StatementLogServer.ReadAsync(), Does.Not.Contain("while the catalogue is stale"));
    }

    private static string Statement(int number) => $"select '{Marker(number)}', '{new string('x', 2000)}'";

    private static string Marker(int number) => string.Create(CultureInfo.InvariantCulture, $"statement {number} of the flood");

    private static async Task<List<int>> BackendsAsync(PostgresServer server, string database)
    {
        await using var connection = await server.OpenAsync();
        await using var command = new NpgsqlCommand("select pid from pg_stat_activity where datname = $1", connection) { Parameters = { new() { Value = database } } };
        await using var reader = await command.ExecuteReaderAsync();
        var backends = new List<int>();
        while (await reader.ReadAsync())
            backends.Add(reader.GetInt32(0));
        return backends;
    }

    private static async Task SignalAsync(string signal, List<int> processes)
    {
        foreach (var process in processes)
            await Command.RunAsync("sh", ["-c", "kill -s \"$1\" \"$2\"", "kill", signal, process.ToString(CultureInfo.InvariantCulture)]);
    }
}
