namespace Proxy.Bench.Load;

/// <summary>One scenario against one system for one window.</summary>
internal sealed record Measurement(double TransactionsPerSecond, double MedianMicroseconds, double Percentile99Microseconds, double? ProcessorMicroseconds)
{
    /// <summary>Connecting and the first replies are not measured.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Tail = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Runs the load a second longer than the window. Only transactions that ended between two readings of the process's time count, so that
    /// throughput, latency and processor time are of the same transactions.
    /// </summary>
    public static async Task<Measurement> TakeAsync(ILoad load, Contender contender, bool tls, TimeSpan window, CancellationToken cancellationToken)
    {
        var running = load.RunAsync(contender.Endpoint, tls, window + Lead + Tail, cancellationToken);
        await Task.WhenAny(running, Task.Delay(Lead, cancellationToken));
        var (from, timeFrom) = Read(contender);
        await Task.WhenAny(running, Task.Delay(window, cancellationToken));
        var (to, timeTo) = Read(contender);

        var latencies = (await running).Where(one => one.CompletedAt >= from && one.CompletedAt < to).Select(one => one.Latency).Order().ToArray();
        if (latencies.Length == 0)
            throw new InvalidOperationException($"No transaction of {contender.System} ended within the window.");
        return new Measurement(
            latencies.Length / ((to - from) / 1e6),
            latencies[latencies.Length / 2],
            latencies[latencies.Length * 99 / 100],
            (timeTo - timeFrom) / latencies.Length);
    }

    public static Measurement MedianOf(IReadOnlyList<Measurement> rounds) => new(
        Median(rounds.Select(round => round.TransactionsPerSecond)),
        Median(rounds.Select(round => round.MedianMicroseconds)),
        Median(rounds.Select(round => round.Percentile99Microseconds)),
        rounds[0].ProcessorMicroseconds is null ? null : Median(rounds.Select(round => round.ProcessorMicroseconds!.Value)));

    private static (long At, double? ProcessorTime) Read(Contender contender)
        => (Clock.Microseconds(), contender.ProcessId is { } id ? ProcessStatistics.ProcessorTime(id) : null);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
