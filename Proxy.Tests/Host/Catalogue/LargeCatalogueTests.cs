using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue;

/// <summary>The size that the specification names: 5,000 relations with 50,000 columns.</summary>
public sealed class LargeCatalogueTests
{
    [Test]
    public async Task Five_thousand_relations_cost_less_than_a_hundred_megabytes()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync("large");
        // In batches: one transaction may not hold that many locks.
        for (var batch = 0; batch < 10; batch++)
            await server.ExecuteAsync(database, $"""
                do $$ begin for i in 1..500 loop
                    execute format('create table t_%s_%s (a int, b int, c text, d text, e text, f date, g text, h text, i numeric, j jsonb)', {batch}, i);
                end loop; end $$
                """);
        await using var loader = Hospital.Loader(server, database);
        await loader.FingerprintAsync(CancellationToken.None);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (facts, _) = await loader.LoadAsync(CancellationToken.None);
        var loaded = clock.Elapsed;
        var catalogue = SnapshotBuilder.Build(1, facts, Hospital.Classification);
        var built = clock.Elapsed - loaded;
        clock.Restart();
        await loader.FingerprintAsync(CancellationToken.None);
        var polled = clock.Elapsed;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        await TestContext.Out.WriteLineAsync(
            $"load {loaded.TotalMilliseconds:F0} ms, build {built.TotalMilliseconds:F0} ms, poll {polled.TotalMilliseconds:F0} ms, kept {kept >> 20} MiB");
        Assert.That(kept, Is.LessThan(100 << 20));
        Assert.That(catalogue.RelationCount, Is.GreaterThan(5_000));
        GC.KeepAlive(facts);
    }
}
