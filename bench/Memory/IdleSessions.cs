using System.Globalization;
using Npgsql;
using Proxy.Bench.Load;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Memory;

/// <summary>
/// `bench memory`: how much the data-plane process grows for each session that has asked something and now waits, TLS on both legs, the
/// server leg open. SESSIONS says how many.
/// </summary>
internal static class IdleSessions
{
    private const int SessionsDefault = 2000;
    private const int KilobytesPerSessionMax = 90;
    private const int OpenedAtOnce = 8;
    private const int WarmUpSessions = 100;
    private const string Query = "SELECT id, last_name, ssn, birth_date, note, ward FROM patients WHERE id BETWEEN $1 AND $1 + 19";

    /// <summary>Long enough for the gateway to notice that its sessions are idle and give back what it can.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var sessions = int.TryParse(Environment.GetEnvironmentVariable("SESSIONS"), CultureInfo.InvariantCulture, out var chosen) ? chosen : SessionsDefault;
        await using var arena = await PostgresArena.StartAsync(sessions + WarmUpSessions + 50, ["phigate"], cancellationToken);
        var gateway = arena.Gateway("redacted");
        await using var dataSource = DataSource(gateway.Endpoint);

        await CloseAsync(await OpenAsync(dataSource, WarmUpSessions, cancellationToken));
        await Task.Delay(Settle, cancellationToken);
        var before = MemoryReading.Of(gateway.ProcessId!.Value);
        var connections = await OpenAsync(dataSource, sessions, cancellationToken);
        await Task.Delay(Settle, cancellationToken);
        var after = MemoryReading.Of(gateway.ProcessId.Value);
        // They must be alive, not merely forgotten.
        foreach (var connection in connections.Where((_, index) => index % 20 == 0))
            await AskAsync(connection, 1, cancellationToken);
        await CloseAsync(connections);

        var resident = (double)(after.Resident - before.Resident) / sessions;
        var proportional = (double)(after.Proportional - before.Proportional) / sessions;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"""
            | idle TLS sessions | RSS before, MB | RSS after, MB | RSS per session, KB | PSS per session, KB | target |
            |---:|---:|---:|---:|---:|---|
            | {sessions} | {before.Resident / 1024.0:0.0} | {after.Resident / 1024.0:0.0} | {resident:0.0} | {proportional:0.0} | {(resident <= KilobytesPerSessionMax ? "PASS" : "over")} (≤ {KilobytesPerSessionMax}) |

            """));
    }

    private static NpgsqlDataSource DataSource(Endpoint endpoint)
    {
        var settings = endpoint.ConnectionString(tls: true);
        settings.Pooling = false;
        settings.SslMode = SslMode.Require;
        settings.RootCertificate = null;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    private static async Task<NpgsqlConnection[]> OpenAsync(NpgsqlDataSource dataSource, int count, CancellationToken cancellationToken)
    {
        var connections = new NpgsqlConnection[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, options, async (index, token) =>
        {
            connections[index] = await dataSource.OpenConnectionAsync(token);
            await AskAsync(connections[index], 1 + index, token);
        });
        return connections;
    }

    private static async Task AskAsync(NpgsqlConnection connection, int patient, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = patient });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = 0;
        while (await reader.ReadAsync(cancellationToken))
            rows++;
        if (rows != 20)
            throw new InvalidOperationException($"A session received {rows} rows instead of 20.");
    }

    private static async Task CloseAsync(NpgsqlConnection[] connections)
    {
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }
}
