using System.Buffers.Binary;
using System.Globalization;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary>As <see cref="KillUnderLoadTests"/>, in front of a MariaDB whose general log says what it was sent, before it runs it.</summary>
public sealed class MySqlKillUnderLoadTests
{
    private const int Sessions = 4;
    private const string Prepared = "update counters set value = ? where name = 'one'";

    [Test]
    public async Task Nothing_ran_without_an_intent_in_the_recovered_journal()
    {
        var rounds = Proof.Size(3, 50);
        var random = new Random(Proof.Seed);
        await using var server = await MariaDbServer.StartAsync(new MariaDbServerOptions { LogStatements = true });
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create table counters (name varchar(10), value bigint); insert into counters values ('two', 0)");
        await using var gateway = new KillableGateway(KillableTarget.Of(server, MariaDbUser.Native), database);
        for (var round = 0; round < rounds; round++)
        {
            await gateway.StartAsync();
            var connection = KillableTarget.ConnectionString(gateway.Endpoint);
            var loads = Enumerable.Range(0, 2 * Sessions)
                .Select(session => Task.Run(() => LoadAsync(connection, session % 2 == 0, (((long)round * 2 * Sessions) + session + 1) << 32)))
                .ToArray();
            await Task.Delay(TimeSpan.FromMilliseconds(500 + random.Next(1500)));
            await gateway.KillAsync();
            await Task.WhenAll(loads);
        }

        await gateway.StartAsync(); // Recovers what the last kill left.
        await gateway.StopAsync();
        var recorded = await RecordedStatements.ReadAsync(gateway.JournalDirectory, OnlyParameter);
        var (ran, preparedRan) = (0, 0);
        await foreach (var (command, text) in ReadLogAsync(server))
        {
            ran++;
            if (command == "Execute") preparedRan++;
            Assert.That(command == "Execute" ? recorded.HasExecution(Prepared, NumberIn(text)) : recorded.HasQuery(text), $"ran without an intent: {command} {text}");
        }

        Assert.That(recorded.Damages, Is.Empty);
        Assert.That(await gateway.VerifiedUnknownAsync(), Is.EqualTo(recorded.Unknown), "what verify lists as of unknown outcome");
        Assert.That((ran > rounds, preparedRan > rounds), Is.EqualTo((true, true)), $"{ran} statements ran, {preparedRan} of them prepared");
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} kills, seed {Proof.Seed}: {ran:n0} statements in MariaDB's general log ({preparedRan:n0} prepared), {recorded.Records:n0} records recovered, none ran without an intent, {recorded.Unknown.Count:n0} of unknown outcome, all listed by verify");
        TestContext.Out.WriteLine(figures);
        Proof.Record("kill -9 under load, MySQL", figures);
    }

    /// <summary>Asks until the connection is gone, each time with another number.</summary>
    private static async Task LoadAsync(string connectionString, bool isPrepared, long number)
    {
        try
        {
            await using var connection = new MySqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            if (isPrepared)
            {
                command.CommandText = Prepared;
                command.Parameters.Add(new MySqlParameter { Value = number });
                await command.PrepareAsync();
            }

            while (true)
            {
                number++;
                if (isPrepared) command.Parameters[0].Value = number;
                else command.CommandText = Prepared.Replace("?", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
                await command.ExecuteNonQueryAsync();
            }
        }
        catch (MySqlException)
        {
            // Killed, as was the purpose.
        }
    }

    /// <summary>What the sessions sent to run, when none of them is left.</summary>
    private static async IAsyncEnumerable<(string Command, string Text)> ReadLogAsync(MariaDbServer server)
    {
        await using var connection = await server.OpenAsync();
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var count = new MySqlCommand($"select count(*) from information_schema.processlist where user = '{MariaDbUser.Native.Name}'", connection);
                return await count.ExecuteScalarAsync() is 0L;
            },
            "no session is left");
        await using var command = new MySqlCommand(
            "select command_type, argument from mysql.general_log where command_type in ('Query', 'Execute') "
            + $"and user_host like '{MariaDbUser.Native.Name}[%' and argument like 'update counters%'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            yield return (reader.GetString(0), reader.GetString(1));
    }

    private static string NumberIn(string text) => text.Split(' ')[5];

    /// <summary>As in the record: uint16 number of values; of each two bytes of type, int32 length, and its bytes.</summary>
    private static string OnlyParameter(byte[] parameters) =>
        BinaryPrimitives.ReadUInt16LittleEndian(parameters) == 1 && BinaryPrimitives.ReadInt32LittleEndian(parameters.AsSpan(4)) == sizeof(long)
            ? BinaryPrimitives.ReadInt64LittleEndian(parameters.AsSpan(8)).ToString(CultureInfo.InvariantCulture)
            : "";
}
