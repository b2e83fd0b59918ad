using System.Globalization;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>One MariaDB with a log of every command for the tests of this namespace: what was refused must not be in it.</summary>
[SetUpFixture]
public sealed class LoggedMariaDb
{
    private static Task<MariaDbServer>? _starting;

    public static Task<MariaDbServer> Instance => _starting ??= MariaDbServer.StartAsync(new MariaDbServerOptions { LogStatements = true });

    /// <summary>The commands of one of its threads, e.g. "Query select 1". A command is in it before it is run.</summary>
    public static Task<IReadOnlyList<string>> CommandsAsync(string thread) =>
        ReadAsync($"select concat(command_type, ' ', convert(argument using utf8mb4)) from mysql.general_log where thread_id = {thread} order by event_time");

    /// <summary>Whether one of its threads still is.</summary>
    public static async Task<bool> IsThereAsync(string thread) =>
        (await ReadAsync($"select id from information_schema.processlist where id = {thread}")).Count > 0;

    /// <summary>How many sessions PhiGate has begun in this database for somebody; those of its catalogue are in another one.</summary>
    public static async Task<int> SessionsAsync(string database) =>
        int.Parse((await ReadAsync($"select count(*) from mysql.general_log where command_type = 'Connect' and argument like '% on {database} %'"))[0], CultureInfo.InvariantCulture);

    [OneTimeTearDown]
    public async Task End()
    {
        if (_starting is not null) await (await _starting).DisposeAsync();
        _starting = null;
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(string sql)
    {
        await using var connection = await (await Instance).OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return rows;
    }
}
