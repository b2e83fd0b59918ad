using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Proxy.Bench.Load;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Memory;

/// <summary>`bench stream`: one result of a million masked rows, and what the data-plane process holds while it passes.</summary>
internal static class LongResult
{
    private const int Rows = 1_000_000;
    private const int GrowthKilobytesMax = 16 * 1024;

    // 20,000 × 8 × 8 rows to take from; no function is called, every column has an origin.
    private const string Query =
        "SELECT p.id, p.last_name, p.ssn, p.ward, p.care_plan, t.code, d.code FROM patients p, lab_tests t, departments d LIMIT 1000000";

    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var arena = await PostgresArena.StartAsync(50, ["phigate"], cancellationToken);
        Console.WriteLine(
            """
            | profile | rows | seconds | MB/s | RSS at the first tenth, MB | largest RSS after it, MB | growth, MB | target |
            |---|---:|---:|---:|---:|---:|---:|---|
            """);
        foreach (var profile in new[] { "redacted", "pseudonymous" })
            await MeasureAsync(arena.Gateway(profile), profile, cancellationToken);
    }

    private static async Task MeasureAsync(Contender gateway, string profile, CancellationToken cancellationToken)
    {
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = new Progress();
        var sampling = SampleAsync(gateway.ProcessId!.Value, progress, finished.Token);
        var started = Stopwatch.GetTimestamp();
        var bytes = await ReadAsync(gateway.Endpoint, progress, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await finished.CancelAsync();
        var (early, largest) = await sampling;

        var isFlat = largest - early <= GrowthKilobytesMax;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {profile} | {progress.Rows:N0} | {seconds:0.0} | {bytes / 1e6 / seconds:0} | {early / 1024.0:0.0} | {largest / 1024.0:0.0} | {(largest - early) / 1024.0:0.0} | {(isFlat ? "PASS" : "over")} (≤ {GrowthKilobytesMax / 1024}) |"));
    }

    private static async Task<long> ReadAsync(Endpoint endpoint, Progress progress, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(endpoint.ConnectionString(tls: true).ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Query, connection) { CommandTimeout = 300 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        long bytes = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            progress.Rows++;
            for (var column = 1; column < reader.FieldCount; column++)
                bytes += reader.GetString(column).Length;
        }

        return progress.Rows == Rows ? bytes : throw new InvalidOperationException($"{progress.Rows} rows came instead of {Rows}.");
    }

    private static async Task<(long Early, long Largest)> SampleAsync(int processId, Progress progress, CancellationToken finished)
    {
        long early = 0, largest = 0;
        using var timer = new PeriodicTimer(SampleEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(finished))
            {
                var resident = ProcessStatistics.ResidentKilobytes(processId);
                if (progress.Rows <= Rows / 10)
                    early = Math.Max(early, resident);
                largest = Math.Max(largest, resident);
            }
        }
        catch (OperationCanceledException)
        {
            // The result has been read.
        }

        return (early, largest);
    }

    private sealed class Progress
    {
        private long _rows;

        public long Rows
        {
            get => Volatile.Read(ref _rows);
            set => Volatile.Write(ref _rows, value);
        }
    }
}
