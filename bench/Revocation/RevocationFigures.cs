using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using MySqlConnector;
using Npgsql;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Revocation;

/// <summary>
/// `bench revocation`: how fast `phigate revoke` cuts the live sessions of an agent, all of which ask all the time. SESSIONS says how many. From the start
/// of the program to its end, and to the end of each session as its client sees it.
/// </summary>
internal static class RevocationFigures
{
    private const int SessionsDefault = 500;
    private const int Rounds = 5;
    private const int OpenedAtOnce = 8;
    private const int GoalMilliseconds = 2000;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var sessions = int.TryParse(Environment.GetEnvironmentVariable("SESSIONS"), CultureInfo.InvariantCulture, out var chosen) ? chosen : SessionsDefault;
        await using var scratch = new ScratchDirectory("phigate-revocation-");
        using var authority = new ScratchAuthority(scratch.Path, TimeProvider.System);
        await using var postgres = await ThrowawayPostgres.StartAsync(scratch, authority, sessions + 50, cancellationToken);
        await Hospital.LoadAsync(postgres, cancellationToken);
        Console.WriteLine(
            """
            | protocol | live sessions of one agent, all asking | rounds | a session is cut after, ms: p50 | p99 | max | revoke returns, ms: median | max | of it the program's own start, ms | goal |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---|
            """);
        await using (var gateway = await Gateway.StartAsync(scratch, authority, GatewayTarget.Benchmark(postgres.Application, "gateway.yaml"), "gateway", cancellationToken))
            await MeasureAsync("PostgreSQL", gateway, PostgresSource, sessions, cancellationToken);
        await using var mariaDb = await ThrowawayMariaDb.StartAsync(scratch, authority, sessions + 50, cancellationToken);
        await MariaDbHospital.LoadAsync(mariaDb, postgres, cancellationToken);
        var target = GatewayTarget.Benchmark(mariaDb.Application, "gateway-mysql.yaml", "classification-mysql.yaml");
        await using (var gateway = await Gateway.StartAsync(scratch, authority, target, "gateway-mysql", cancellationToken))
            await MeasureAsync("MySQL", gateway, static endpoint => new MySqlDataSource(endpoint.MySqlConnectionString().ConnectionString), sessions, cancellationToken);
        Console.WriteLine();
    }

    private static async Task MeasureAsync(string protocol, Gateway gateway, Func<Endpoint, DbDataSource> connect, int sessions, CancellationToken cancellationToken)
    {
        var (commands, cuts) = (new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            var agent = $"rogue-{round}";
            await using var source = connect(gateway.Admit(agent, "agents"));
            var (command, ends) = await CutAsync(gateway, agent, source, sessions, cancellationToken);
            commands.Add(command);
            cuts.AddRange(ends);
        }

        var program = await TimeAsync([Gateway.Program, "revoke", "--config", gateway.Configuration, "--list"], cancellationToken);
        commands.Sort();
        cuts.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {protocol} | {sessions} | {Rounds} | {cuts[cuts.Count / 2]:0} | {cuts[cuts.Count * 99 / 100]:0} | {cuts[^1]:0} | {commands[Rounds / 2]:0} | {commands[^1]:0} | {program:0} | {(Math.Max(commands[^1], cuts[^1]) <= GoalMilliseconds ? "PASS" : "over")} (≤ {GoalMilliseconds}) |"));
    }

    private static async Task<(double Command, IEnumerable<double> Ends)> CutAsync(
        Gateway gateway, string agent, DbDataSource source, int sessions, CancellationToken cancellationToken)
    {
        var connections = new DbConnection[sessions];
        await Parallel.ForAsync(0, sessions, new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = cancellationToken },
            async (index, token) => connections[index] = await source.OpenConnectionAsync(token));
        var ends = connections.Select(connection => Task.Run(() => AskUntilCutAsync(connection, cancellationToken), cancellationToken)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);

        var began = Stopwatch.GetTimestamp();
        var command = await TimeAsync([Gateway.Program, "revoke", "--config", gateway.Configuration, "--agent", agent, "--reason", "benchmark"], cancellationToken);
        var ended = await Task.WhenAll(ends);
        foreach (var connection in connections)
            await connection.DisposeAsync();
        return (command, ended.Select(end => Stopwatch.GetElapsedTime(began, end).TotalMilliseconds));
    }

    private static NpgsqlDataSource PostgresSource(Endpoint endpoint)
    {
        var settings = endpoint.ConnectionString(tls: true);
        settings.Pooling = false;
        settings.SslMode = SslMode.Require;
        settings.RootCertificate = null;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    /// <summary>When the session ended.</summary>
    private static async Task<long> AskUntilCutAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = "SELECT 1";
                await command.ExecuteScalarAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
        catch (Exception cut) when (cut is DbException or InvalidOperationException)
        {
            return Stopwatch.GetTimestamp();
        }
    }

    private static async Task<double> TimeAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await Command.RequireAsync(command, cancellationToken: cancellationToken);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
