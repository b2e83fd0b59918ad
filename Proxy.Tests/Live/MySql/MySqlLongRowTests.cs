using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>Rows of more than 16 MiB, which a server sends in several packets, masked while they stream: what is shown is shown, and nothing else.</summary>
public sealed class MySqlLongRowTests
{
    private const string Canary = "VERMILLION9";
    private const int Repeats = 1_700_000;

    private MariaDbServer _server = null!;
    private MySqlJudgedGateway _judged = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await MariaDbServer.StartAsync(new MariaDbServerOptions { Settings = new Dictionary<string, string> { ["max-allowed-packet"] = "64M" } });
        var database = await _server.CreateDatabaseAsync("long_rows");
        await _server.ExecuteAsync(
            database,
            $"""
            create table notes (id int primary key, before_it varchar(20), chart longtext, behind_it varchar(20));
            insert into notes values (1, 'shown before', repeat('{Canary}', {Repeats}), 'shown behind'), (2, 'shown before', '{Canary}', 'shown behind'), (3, null, null, null)
            """);
        _judged = await MySqlJudgedGateway.StartAsync(
            _server, database, new NamedColumns(new Dictionary<string, IdentifierClass> { ["chart"] = IdentifierClass.FreeText }));
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await _judged.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_masked_value_keeps_its_length_and_the_others_of_the_row_are_shown([Values] bool prepares)
    {
        await using var connection = new MySqlConnection(_judged.ConnectionString);
        await connection.OpenAsync();
        await using (var command = new MySqlCommand("select id, before_it, chart, behind_it from notes order by id", connection))
        {
            if (prepares) await command.PrepareAsync();
            await using var reader = await command.ExecuteReaderAsync();
            Assert.That(await reader.ReadAsync(), Is.True);
            Assert.That((reader.GetInt32(0), reader.GetString(1), reader.GetString(3)), Is.EqualTo((1, "shown before", "shown behind")));
            var chart = reader.GetString(2);
            Assert.That(chart, Has.Length.EqualTo(Canary.Length * Repeats));
            Assert.That(chart.AsSpan().IndexOfAnyExcept(chart[0]), Is.EqualTo(-1), "It says something.");
            Assert.That(await reader.ReadAsync(), Is.True);
            Assert.That((reader.GetString(1), reader.GetString(2).Contains(Canary, StringComparison.Ordinal), reader.GetString(3)), Is.EqualTo(("shown before", false, "shown behind")));
            Assert.That(await reader.ReadAsync(), Is.True);
            Assert.That((reader.IsDBNull(1), reader.IsDBNull(2), reader.IsDBNull(3)), Is.EqualTo((true, true, true)));
            Assert.That(await reader.ReadAsync(), Is.False);
        }

        await using var next = new MySqlCommand("select 'alive'", connection);
        Assert.That(await next.ExecuteScalarAsync(), Is.EqualTo("alive"));
    }
}
