using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Proxy.Bench.Servers;
using Proxy.Core.Catalogue;
using Proxy.Host.Catalogue;

namespace Proxy.Bench.Catalogue;

/// <summary>`bench catalogue`: a database of 5,000 relations with 50,000 columns, a tenth of them views: how long it takes to know it, and what it costs.</summary>
internal static class CatalogueBenchmark
{
    private const int Batches = 10;
    private const int TablesPerBatch = 450;
    private const int ViewsPerBatch = 50;
    private const double LoadSecondsMax = 5;
    private const double MegabytesMax = 100;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var scratch = new ScratchDirectory("phigate-bench-");
        using var authority = new ScratchAuthority(scratch.Path, TimeProvider.System);
        await using var server = await ThrowawayPostgres.StartAsync(scratch, authority, connectionsMax: 20, cancellationToken);
        await FillAsync(server, cancellationToken);

        await using var loader = new CatalogueLoader(server.Administrator.ConnectionString(tls: true), TimeProvider.System);
        // The connection, and the code.
        await loader.LoadAsync(cancellationToken);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var (facts, _) = await loader.LoadAsync(cancellationToken);
        var read = clock.Elapsed;
        var snapshot = SnapshotBuilder.Build(1, facts, ColumnClassification.Nothing);
        var loaded = clock.Elapsed;
        var kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
        clock.Restart();
        const int Polls = 20;
        for (var i = 0; i < Polls; i++)
            await loader.FingerprintAsync(cancellationToken);
        var poll = clock.Elapsed / Polls;
        GC.KeepAlive(facts);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"""
            | relations | columns | read, s | read and judged, s | target | kept, MB | target | poll, ms |
            |---:|---:|---:|---:|---|---:|---|---:|
            | {snapshot.RelationCount:N0} | {facts.Columns.Count:N0} | {read.TotalSeconds:0.00} | {loaded.TotalSeconds:0.00} | {Verdict(loaded.TotalSeconds, LoadSecondsMax)} | {kept:0.0} | {Verdict(kept, MegabytesMax)} | {poll.TotalMilliseconds:0.0} |
            """));
    }

    private static string Verdict(double value, double max) => string.Create(CultureInfo.InvariantCulture, $"{(value <= max ? "PASS" : "over")} (≤ {max:0})");

    private static async Task FillAsync(ThrowawayPostgres server, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.Administrator.ConnectionString(tls: true).ConnectionString);
        await connection.OpenAsync(cancellationToken);
        // In batches: one transaction may not hold that many locks.
        for (var batch = 0; batch < Batches; batch++)
        {
            await using var command = new NpgsqlCommand(
                $"""
                do $$ begin
                    for i in 1..{TablesPerBatch} loop
                        execute format('create table t_{batch}_%s (a int, b int, c text, d text, e text, f date, g text default ''x'', h text, i numeric, j jsonb)', i);
                    end loop;
                    for i in 1..{ViewsPerBatch} loop
                        execute format('create view v_{batch}_%s as select t.a, t.b, upper(t.c) as c, t.d, t.e, t.f, u.g, u.h, u.i, u.j
                                        from t_{batch}_%s t join t_{batch}_%s u on u.a = t.a where t.b > 10', i, i, i + 1);
                    end loop;
                end $$
                """, connection)
            { CommandTimeout = 300 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
