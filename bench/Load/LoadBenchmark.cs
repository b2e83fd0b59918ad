using System.Text.Json;

namespace Proxy.Bench.Load;

/// <summary>
/// The comparison: every system in the same run, one after the other within each round, so that whatever else the machine does hits all alike.
/// </summary>
internal static class LoadBenchmark
{
    private const int ConnectionsMax = 300;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var settings = BenchmarkSettings.FromEnvironment();
        // The hospital in MariaDB has its rows from the one in PostgreSQL, so that is there in any case.
        await using var postgres = await PostgresArena.StartAsync(
            ConnectionsMax, settings.Protocols.Contains(PostgresArena.Protocol) ? settings.Systems : [], cancellationToken);
        await using var mySql = settings.Protocols.Contains(MySqlArena.Protocol)
            ? await MySqlArena.StartAsync(postgres.Server, ConnectionsMax, settings.Systems, cancellationToken) : null;
        IArena[] arenas = [postgres, .. mySql is null ? Array.Empty<IArena>() : [mySql]];

        var results = new List<Result>();
        foreach (var tls in new[] { true, false })
        {
            foreach (var scenario in Scenario.All.Where(settings.Includes))
                results.AddRange(await MeasureAsync(arenas, scenario, tls, settings, cancellationToken));
        }

        if (settings.IsWhole)
        {
            var directory = Directory.CreateDirectory(Path.Combine(Repository.Root, "bench", "results")).FullName;
            await File.WriteAllTextAsync(Path.Combine(directory, "latest.json"), JsonSerializer.Serialize(results, Json) + "\n", cancellationToken);
        }

        Console.WriteLine();
        Console.WriteLine(ResultTable.Format(results, settings.Rounds));
    }

    private static async Task<IEnumerable<Result>> MeasureAsync(
        IReadOnlyList<IArena> arenas, Scenario scenario, bool tls, BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var readings = scenario.Readings.Where(settings.Includes).ToList();
        var loads = new List<(Contender Contender, ILoad Load)>();
        foreach (var arena in arenas)
        {
            var load = arena.Load(scenario);
            loads.AddRange(arena.Contenders(scenario, tls)
                .Where(contender => settings.Systems.Contains(contender.System) && settings.Protocols.Contains(contender.Protocol))
                .Where(contender => contender.Profile is null || readings.Exists(reading => reading.Profile == contender.Profile))
                .Select(contender => (contender, load)));
        }

        if (loads.Count == 0)
            return [];
        foreach (var (contender, load) in loads)
            await WarmUpAsync(load, contender, tls, cancellationToken);

        var rounds = loads.ToDictionary(one => one.Contender, _ => new List<Measurement>());
        for (var round = 0; round < settings.Rounds; round++)
        {
            foreach (var (contender, load) in loads)
                rounds[contender].Add(await Measurement.TakeAsync(load, contender, tls, settings.Window, cancellationToken));
            await Console.Error.WriteLineAsync($"{scenario.Kind}, {scenario.Clients} clients, {(tls ? "TLS" : "plaintext")}: round {round + 1} of {settings.Rounds}");
        }

        return from reading in readings
               from contender in rounds.Keys
               where contender.Profile is null || contender.Profile == reading.Profile
               select Result.Of(scenario, reading, contender, tls, rounds[contender]);
    }

    /// <summary>
    /// Caches everywhere, and the just-in-time compiler's second and third thoughts in PhiGate, which take a quarter of its CPU while they last. What a statement
    /// takes is compiled within seconds; what opens a session is compiled again after its 30th and its 60th call, and every load opens new sessions. One long
    /// load left that to the rounds (measured, point queries of 16 clients under TLS, seven rounds: 33, 37, 29, 26, 26, 28, 26 µs of CPU), so there
    /// are several short ones, in about the same time.
    /// </summary>
    private static async Task WarmUpAsync(ILoad load, Contender contender, bool tls, CancellationToken cancellationToken)
    {
        for (var loads = contender.System == "phigate" ? 6 : 1; loads > 0; loads--)
            await Measurement.TakeAsync(load, contender, tls, TimeSpan.FromSeconds(1), cancellationToken);
    }
}
