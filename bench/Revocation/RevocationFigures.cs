using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Revocation;

/// <summary>
/// `bench revocation`: how fast `phigate revoke` cuts the live sessions of an agent, all of which ask all the time. SESSIONS says how many. From the start
/// of the program to its end, and to the end of the last session as its client sees it.
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
        await using var server = await ThrowawayPostgres.StartAsync(scratch, authority, sessions + 50, cancellationToken);
        await Hospital.LoadAsync(server, cancellationToken);
        await using var gateway = await Gateway.StartAsync(scratch, authority, GatewayTarget.Benchmark(server.Application, "gateway.yaml"), "gateway", cancellationToken);

        var (commands, lasts) = (new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            var (command, last) = await CutAsync(gateway, $"rogue-{round}", sessions, cancellationToken);
            commands.Add(command);
            lasts.Add(last);
        }
        var program = await TimeAsync([Gateway.Program, "revoke", "--config", gateway.Configuration, "--list"], cancellationToken);
        commands.Sort();
        lasts.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"""
            | live sessions of one agent, all asking | revoke returns, ms (median of {Rounds}) | last session cut, ms (median) | worst, ms | of it the program's own start, ms | goal |
            |---:|---:|---:|---:|---:|---|
            | {sessions} | {commands[Rounds / 2]:0} | {lasts[Rounds / 2]:0} | {Math.Max(commands[^1], lasts[^1]):0} | {program:0} | {(Math.Max(commands[^1], lasts[^1]) <= GoalMilliseconds ? "PASS" : "over")} (≤ {GoalMilliseconds}) |

            """));
    }

    private static async Task<(double Command, double Last)> CutAsync(Gateway gateway, string agent, int sessions, CancellationToken cancellationToken)
    {
        var settings = gateway.Admit(agent, "agents").ConnectionString(tls: true);
        settings.Pooling = false;
        settings.SslMode = SslMode.Require;
        settings.RootCertificate = null;
        await using var source = Source(settings);
        var connections = new NpgsqlConnection[sessions];
        await Parallel.ForAsync(0, sessions, new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = cancellationToken },
            async (index, token) => connections[index] = await source.OpenConnectionAsync(token));
        var ends = connections.Select(connection => Task.Run(() => AskUntilCutAsync(connection, cancellationToken), cancellationToken)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);

        var began = Stopwatch.GetTimestamp();
        var command = await TimeAsync([Gateway.Program, "revoke", "--config", gateway.Configuration, "--agent", agent, "--reason", "benchmark"], cancellationToken);
        var last = (await Task.WhenAll(ends)).Max();
        foreach (var connection in connections)
            await connection.DisposeAsync();
        return (command, Stopwatch.GetElapsedTime(began, last).TotalMilliseconds);
    }

    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    /// <summary>When the session ended.</summary>
    private static async Task<long> AskUntilCutAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await using var command = new NpgsqlCommand("SELECT 1", connection);
                await command.ExecuteScalarAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
        catch (Exception cut) when (cut is NpgsqlException or InvalidOperationException)
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
