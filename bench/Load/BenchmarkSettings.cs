using System.Globalization;

namespace Proxy.Bench.Load;

/// <summary>How long and against whom, from the environment: <c>make bench ROUNDS=3 SECONDS=2 PROTOCOLS=mysql SYSTEMS=direct,phigate SCENARIOS=point</c>.</summary>
/// <param name="Rounds">Measurements of each scenario and system, taken in turn.</param>
/// <param name="Window">Length of one measurement.</param>
/// <param name="Protocols">Which of postgres and mysql.</param>
/// <param name="Systems">Which of direct, haproxy, pgbouncer and phigate.</param>
/// <param name="Scenarios">Which scenarios by name.</param>
internal sealed record BenchmarkSettings(
    int Rounds, TimeSpan Window, IReadOnlyList<string> Protocols, IReadOnlyList<string> Systems, IReadOnlyList<string> Scenarios)
{
    private static readonly string[] AllSystems = ["direct", "haproxy", "pgbouncer", "phigate"];

    public static BenchmarkSettings FromEnvironment() => new(
        Number("ROUNDS", 5),
        TimeSpan.FromSeconds(Number("SECONDS", 2)),
        Names("PROTOCOLS", [PostgresArena.Protocol, MySqlArena.Protocol]),
        Names("SYSTEMS", AllSystems),
        Names("SCENARIOS", [.. Scenario.All.SelectMany(scenario => scenario.Readings).Select(reading => reading.Name).Distinct()]));

    private static int Number(string variable, int otherwise)
    {
        var text = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(text))
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000
            ? number
            : throw new InvalidOperationException($"{variable} must be a number from 1 to 1000.");
    }

    private static string[] Names(string variable, string[] all)
    {
        var chosen = (Environment.GetEnvironmentVariable(variable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var unknown = chosen.Except(all).FirstOrDefault();
        return unknown is null
            ? chosen.Length == 0 ? all : chosen
            : throw new InvalidOperationException($"{variable}: {unknown} is none of {string.Join(", ", all)}.");
    }
}
