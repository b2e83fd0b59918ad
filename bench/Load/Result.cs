using System.Text.Json.Serialization;

namespace Proxy.Bench.Load;

/// <summary>One line of bench/results/latest.json. The property names are read by others: later scenarios add lines, not columns.</summary>
internal sealed record Result(
    [property: JsonPropertyName("scenario")] string Scenario,
    [property: JsonPropertyName("system")] string System,
    [property: JsonPropertyName("protocol")] string Protocol,
    [property: JsonPropertyName("tls")] bool Tls,
    [property: JsonPropertyName("clients")] int Clients,
    [property: JsonPropertyName("tps")] double TransactionsPerSecond,
    [property: JsonPropertyName("p50_us")] double MedianMicroseconds,
    [property: JsonPropertyName("p99_us")] double Percentile99Microseconds,
    [property: JsonPropertyName("cpu_us_per_tx")] double? ProcessorMicroseconds,
    [property: JsonPropertyName("rounds")] int Rounds)
{
    public static Result Of(Scenario scenario, Reading reading, Contender contender, bool tls, IReadOnlyList<Measurement> rounds)
    {
        var median = Measurement.MedianOf(rounds);
        return new Result(reading.Name, contender.System, contender.Protocol, tls, scenario.Clients,
            Math.Round(median.TransactionsPerSecond, 1), Math.Round(median.MedianMicroseconds), Math.Round(median.Percentile99Microseconds),
            median.ProcessorMicroseconds is { } time ? Math.Round(time, 2) : null, rounds.Count);
    }
}
