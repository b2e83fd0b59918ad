using System.Globalization;
using System.Text;

namespace Proxy.Bench.Load;

/// <summary>Results as Markdown, with ratios to pgbouncer and a verdict where a target was set.</summary>
internal static class ResultTable
{
    private const string Head =
        """
        | scenario | clients | system | tx/s | ÷ pgbouncer | p50 µs | p99 µs | CPU µs/tx | ÷ pgbouncer | target |
        |---|---:|---|---:|---:|---:|---:|---:|---:|---|

        """;

    public static string Format(IReadOnlyList<Result> results, int rounds)
    {
        var text = new StringBuilder();
        foreach (var tls in new[] { true, false })
        {
            var lines = results.Where(result => result.Tls == tls).ToArray();
            if (lines.Length == 0)
                continue;
            text.AppendLine(tls
                ? "TLS on both legs. haproxy passes the client's TLS through to the server and encrypts nothing itself; direct is TLS to the server."
                : "Without TLS on either leg.");
            text.AppendLine(CultureInfo.InvariantCulture, $"Medians of {rounds} alternating rounds; CPU is the proxy process's own, user and system.").AppendLine();
            text.Append(Head);
            foreach (var line in lines)
                text.AppendLine(Row(line, Peer(lines, line)));
            text.AppendLine();
        }

        return text.ToString();
    }

    private static Result? Peer(IReadOnlyList<Result> results, Result line) => results.FirstOrDefault(other
        => other.System == "pgbouncer" && other.Tls == line.Tls && other.Scenario == line.Scenario && other.Clients == line.Clients);

    private static string Row(Result line, Result? peer) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {line.Scenario} | {line.Clients} | {line.System} | {line.TransactionsPerSecond:N0} | {line.TransactionsPerSecond / peer?.TransactionsPerSecond:0.00} | {line.MedianMicroseconds:N0} | {line.Percentile99Microseconds:N0} | {line.ProcessorMicroseconds:N1} | {line.ProcessorMicroseconds / peer?.ProcessorMicroseconds:0.00} | {Verdict(line, peer)} |");

    private static string Verdict(Result line, Result? peer)
    {
        var target = Scenario.All.SelectMany(scenario => scenario.Readings).First(reading => reading.Name == line.Scenario).RatioMax;
        if (line.System != "phigate" || !line.Tls || line.ProcessorMicroseconds / peer?.ProcessorMicroseconds is not { } ratio)
            return "";
        return string.Create(CultureInfo.InvariantCulture, $"{(ratio <= target ? "PASS" : "over")} (≤ {target:0.0})");
    }
}
