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
        await using var arena = await Arena.StartAsync(ConnectionsMax, settings.Systems, cancellationToken);

        var results = new List<Result>();
        foreach (var tls in new[] { true, false })
        {
            foreach (var scenario in Scenario.All.Where(scenario => scenario.Readings.Any(reading => settings.Scenarios.Contains(reading.Name))))
                results.AddRange(await MeasureAsync(arena, scenario, tls, settings, cancellationToken));
        }

        var directory = Directory.CreateDirectory(Path.Combine(Repository.Root, "bench", "results")).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "latest.json"), JsonSerializer.Serialize(results, Json) + "\n", cancellationToken);
        Console.WriteLine();
        Console.WriteLine(ResultTable.Format(results, settings.Rounds));
    }

    private static async Task<IEnumerable<Result>> MeasureAsync(
        Arena arena, Scenario scenario, bool tls, BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var contenders = arena.Contenders(scenario, tls).Where(contender => settings.Systems.Contains(contender.System)).ToArray();
        var load = scenario.Load(arena.Server.Binaries, arena.Scratch);
        // Caches everywhere, and the just-in-time compiler's second and third thoughts in PhiGate: they take a quarter of its CPU for the first
        // seconds of a load and nothing after ten.
        foreach (var contender in contenders)
            await Measurement.TakeAsync(load, contender, tls, TimeSpan.FromSeconds(contender.System == "phigate" ? 12 : 1), cancellationToken);

        var rounds = contenders.ToDictionary(contender => contender, _ => new List<Measurement>());
        for (var round = 0; round < settings.Rounds; round++)
        {
            foreach (var contender in contenders)
                rounds[contender].Add(await Measurement.TakeAsync(load, contender, tls, settings.Window, cancellationToken));
            await Console.Error.WriteLineAsync($"{scenario.Kind}, {scenario.Clients} clients, {(tls ? "TLS" : "plaintext")}: round {round + 1} of {settings.Rounds}");
        }

        return from reading in scenario.Readings
               from contender in contenders
               where contender.Profile is null || contender.Profile == reading.Profile
               select Result.Of(scenario, reading, contender, tls, rounds[contender]);
    }
}
