using System.Globalization;

namespace Proxy.Bench.Load;

/// <summary>How long and against whom, from the environment: <c>make bench ROUNDS=3 SECONDS=2 PROTOCOLS=mysql SYSTEMS=direct,phigate SCENARIOS=point CLIENTS=16</c>.</summary>
/// <param name="Rounds">Measurements of each scenario and system, taken in turn.</param>
/// <param name="Window">Length of one measurement.</param>
/// <param name="Protocols">Which of postgres and mysql.</param>
/// <param name="Systems">Which of direct, haproxy, pgbouncer and phigate.</param>
/// <param name="Scenarios">Which scenarios by name.</param>
/// <param name="Clients">Which numbers of clients; none: all.</param>
internal sealed record BenchmarkSettings(
    int Rounds, TimeSpan Window, IReadOnlyList<string> Protocols, IReadOnlyList<string> Systems, IReadOnlyList<string> Scenarios, IReadOnlyList<string> Clients)
{
    private static readonly string[] AllSystems = ["direct", "haproxy", "pgbouncer", "phigate"];

    private static readonly string[] AllProtocols = [PostgresArena.Protocol, MySqlArena.Protocol];

    private static readonly string[] AllScenarios =
        [.. Scenario.All.SelectMany(scenario => scenario.Readings).Select(reading => reading.Name).Distinct()];

    private static readonly string[] AllClients =
        [.. Scenario.All.Select(scenario => scenario.Clients.ToString(CultureInfo.InvariantCulture)).Distinct()];

    /// <summary>Whether nothing is left out: only such results replace the committed ones.</summary>
    public bool IsWhole =>
        Protocols.Count == AllProtocols.Length && Systems.Count == AllSystems.Length && Scenarios.Count == AllScenarios.Length && Clients.Count == AllClients.Length;

    public static BenchmarkSettings FromEnvironment() => new(
        Number("ROUNDS", 5),
        TimeSpan.FromSeconds(Number("SECONDS", 2)),
        Names("PROTOCOLS", AllProtocols),
        Names("SYSTEMS", AllSystems),
        Names("SCENARIOS", AllScenarios),
        Names("CLIENTS", AllClients));

    public bool Includes(Scenario scenario) => Clients.Contains(scenario.Clients.ToString(CultureInfo.InvariantCulture)) && scenario.Readings.Any(Includes);

    public bool Includes(Reading reading) => Scenarios.Contains(reading.Name);

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
