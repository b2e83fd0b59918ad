using Npgsql;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;
using Proxy.Host.Catalogue;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.Lineage.Oracle;

/// <summary>
/// The server judges which columns we say that a statement reads. PHIGATE_REGRESSION_SCRIPTS names a directory with PostgreSQL's regression scripts,
/// which are not ours to ship: scripts/regression.sh gets them.
/// </summary>
[Parallelizable(ParallelScope.Self)] // One statement after the other, for a server of its own: at most one core.
public sealed class RegressionOracleTests
{
    /// <summary>What later scripts of the suite rely on.</summary>
    private static readonly string[] Setup = ["test_setup", "create_misc", "create_table", "create_type", "create_view"];

    /// <summary>What `make check` takes of them.</summary>
    private static readonly string[] Sample = ["join", "subselect", "with", "rules", "window", "union", "merge", "insert_conflict", "rowtypes", "groupingsets"];

    [Test]
    public async Task Our_read_sets_are_those_of_the_server_on_its_regression_scripts()
    {
        var directory = Environment.GetEnvironmentVariable("PHIGATE_REGRESSION_SCRIPTS") ?? "";
        if (!Proof.IsFull)
            Assume.That(Directory.Exists(directory), Is.True, "PHIGATE_REGRESSION_SCRIPTS names no directory.");
        string[] names = Proof.IsFull
            ? [.. Directory.GetFiles(directory, "*.sql").Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
            : Sample;

        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            Settings = new Dictionary<string, string> { ["statement_timeout"] = "5s", ["autovacuum"] = "off" },
        });
        var template = await server.CreateDatabaseAsync("setup");
        foreach (var name in Setup)
        {
            await using var connection = await server.OpenAsync(template);
            await Script(directory, name).MakeSchemaAsync(connection);
        }
        var comparison = new ReadComparison();
        foreach (var name in names)
            await CompareAsync(server, template, name, Script(directory, name), comparison);

        Proof.Record("Lineage, read sets judged by the server on its regression scripts", comparison.Figures);
        await TestContext.Out.WriteLineAsync(comparison.Figures);
        foreach (var line in comparison.OpaqueReasons.Take(60).Concat(comparison.Missed).Concat(comparison.OpaqueMissed.Select(static line => $"opaque, and not named: {line}")).Concat(comparison.Exceeding.Select(static line => $"more: {line}")))
            await TestContext.Out.WriteLineAsync(line);
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Missed, Is.Empty);
            Assert.That(comparison.OpaqueMissed, Is.Empty);
            Assert.That(comparison.Exceeding, Has.Count.AtMost(comparison.Compared / 50));
            Assert.That(comparison.Compared, Is.GreaterThan(Proof.Size(1_000, 8_000)));
        });
    }

    private static RegressionScript Script(string directory, string name) => new(File.ReadAllText(Path.Combine(directory, $"{name}.sql")));

    private static async Task CompareAsync(PostgresServer server, string template, string name, RegressionScript script, ReadComparison comparison)
    {
        var database = $"judged_{name.Replace('.', '_')}";
        await server.ExecuteAsync("postgres", $"create database {database} template {template}");
        await using (var connection = await server.OpenAsync(database))
        {
            await script.MakeSchemaAsync(connection);
            var catalogue = new LineageCatalogue(await SnapshotAsync(server, database));
            var judge = new ServerJudge(connection);
            await foreach (var (text, reading) in script.QueriesAsync(connection))
                if (await judge.ReadsAsync(text, reading.Kind == StatementKind.Select) is { } reads)
                    comparison.Add($"{name}: {text}", reading.Syntax is { } syntax ? LineageAnalyser.Analyse(syntax, catalogue) : null,
                        reading.Relations.SelectMany(mention => catalogue.Relations(mention.Name)).Select(static relation => relation.Oid).ToHashSet(), reads);
        }
        await server.ExecuteAsync("postgres", $"drop database {database} with (force)");
    }

    private static async Task<CatalogueSnapshot> SnapshotAsync(PostgresServer server, string database)
    {
        await using var source = new CatalogueSource(
            new CatalogueLoader(new NpgsqlConnectionStringBuilder(server.ConnectionString(database)), TimeProvider.System), ColumnClassification.Nothing,
            GatewayHarness.SharedFrontEnd.Value, TimeProvider.System);
        await source.LoadAsync(CancellationToken.None);
        return source.Current;
    }
}
