using System.Globalization;
using System.Text;

namespace Proxy.Bench.Load;

/// <summary>
/// Results as Markdown, with ratios to a peer and a verdict where a target was set. Peers are pgbouncer for PostgreSQL, and for MySQL, which has nothing like
/// it, PhiGate itself with PostgreSQL.
/// </summary>
internal static class ResultTable
{
    /// <summary>The most processor time per transaction that PhiGate may take with MySQL, with PostgreSQL being 1.</summary>
    private const double MySqlRatioMax = 1.25;

    public static string Format(IReadOnlyList<Result> results, int rounds)
    {
        var text = new StringBuilder();
        foreach (var (protocol, tls) in results.Select(result => (result.Protocol, result.Tls)).Distinct())
        {
            text.AppendLine(tls
                ? "TLS on both legs. haproxy passes the client's TLS through to the server and encrypts nothing itself; direct is TLS to the server."
                : "Without TLS on either leg.");
            text.AppendLine(CultureInfo.InvariantCulture, $"{Loader(protocol)} Medians of {rounds} alternating rounds; CPU is the proxy process's own, user and system.").AppendLine();
            var peer = protocol == MySqlArena.Protocol ? "PhiGate, PostgreSQL" : "pgbouncer";
            text.AppendLine(CultureInfo.InvariantCulture, $"| scenario | clients | system | tx/s | ÷ {peer} | p50 µs | p99 µs | CPU µs/tx | ÷ {peer} | target |");
            text.AppendLine("|---|---:|---|---:|---:|---:|---:|---:|---:|---|");
            foreach (var line in results.Where(result => result.Protocol == protocol && result.Tls == tls))
                text.AppendLine(Row(line, Peer(results, line)));
            text.AppendLine();
        }

        return text.ToString();
    }

    private static string Loader(string protocol) => protocol == MySqlArena.Protocol
        ? "MySQL protocol, MariaDB: load by sysbench, churn by MySqlConnector."
        : "PostgreSQL: load by pgbench, churn by Npgsql.";

    private static Result? Peer(IReadOnlyList<Result> results, Result line) => results.FirstOrDefault(other
        => other.Protocol == PostgresArena.Protocol && other.System == (line.Protocol == MySqlArena.Protocol ? "phigate" : "pgbouncer")
        && other.Tls == line.Tls && other.Scenario == line.Scenario && other.Clients == line.Clients);

    private static string Row(Result line, Result? peer) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {line.Scenario} | {line.Clients} | {line.System} | {line.TransactionsPerSecond:N0} | {line.TransactionsPerSecond / peer?.TransactionsPerSecond:0.00} | {line.MedianMicroseconds:N0} | {line.Percentile99Microseconds:N0} | {line.ProcessorMicroseconds:N1} | {line.ProcessorMicroseconds / peer?.ProcessorMicroseconds:0.00} | {Verdict(line, peer)} |");

    private static string Verdict(Result line, Result? peer)
    {
        if (line.System != "phigate" || !line.Tls || line.ProcessorMicroseconds / peer?.ProcessorMicroseconds is not { } ratio)
            return "";
        var target = line.Protocol == MySqlArena.Protocol ? MySqlRatioMax
            : Scenario.All.SelectMany(scenario => scenario.Readings).First(reading => reading.Name == line.Scenario).RatioMax;
        return target is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{(ratio <= target ? "PASS" : "over")} (≤ {target:0.0#})");
    }
}
