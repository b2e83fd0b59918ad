using System.Globalization;
using System.Security.Cryptography;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>
/// Has a server prepare statements as an account that may read exactly the columns that we say are read, and then all of these but one: a column that we missed
/// is denied, and one too many is not.
/// </summary>
internal sealed class ReadsJudge(StatementServer admin, StatementServer reader) : IAsyncDisposable
{
    public const string Database = "judged";

    private const string Account = "oracle_reader";
    private const int TableDenied = 1142, ColumnDenied = 1143;
    private const int ColumnsAskedMax = 12;

    public ReadsTally Tally { get; } = new();

    public static async Task<ReadsJudge> StartAsync(MariaDbServer server)
    {
        var password = RandomNumberGenerator.GetHexString(20);
        var admin = await StatementServer.ConnectAsync(MariaDbServer.Host, server.Port, MariaDbUser.Admin.Name, MariaDbUser.Admin.Password);
        await admin.RunAsync($"create user {Account}@'%' identified via mysql_native_password using password('{password}')");
        return new ReadsJudge(admin, await StatementServer.ConnectAsync(MariaDbServer.Host, server.Port, Account, password));
    }

    /// <summary>An empty database that both are in.</summary>
    public async Task BeginAsync()
    {
        foreach (var statement in (string[])["set sql_mode = default", $"drop database if exists {Database}", $"create database {Database}", $"use {Database}"])
            await admin.RunAsync(statement);
        await WithdrawAsync();
        await reader.RunAsync($"use {Database}");
    }

    public Task<int> RunAsync(string statement) => admin.RunAsync(statement);

    public async Task JudgeAsync(string name, string text)
    {
        if (MySqlText.Analyse(text) is not { Status: AnalysisStatus.Read, Statements: [{ OpaqueBecause: null, Syntax: { } syntax } reading] }
            || (await admin.PrepareAsync(text)).Error != 0 || await RelationsAsync(reading) is not { Count: > 0 } relations)
            return;
        var lineage = LineageAnalyser.Analyse(syntax, new LineageCatalogue(Snapshot(relations), SessionOverlay.Empty.WithDefaultSchema(Database)));
        if (lineage is null or { IsOpaque: true })
        {
            Tally.Opaque++;
            return;
        }

        var written = lineage.Writes.Where(static write => write.Column is not null).Select(static write => (write.Relation.Name, write.Column!.Name)).ToHashSet();
        var reads = lineage.Reads.Columns.Where(column => column.Relation.Schema == Database && !written.Contains((column.Relation.Name, column.Column.Name)))
            .GroupBy(static column => column.Relation.Name).ToDictionary(static of => of.Key, static of => of.Select(static column => column.Column.Name).ToHashSet());
        await WithdrawAsync();
        // What is written is named, too; ON DUPLICATE KEY UPDATE has to read it.
        // And a star asks for the right to the invisible columns, which it does not read.
        var hasStar = !reading.Columns.IsDefault && reading.Columns.Contains("*");
        foreach (var (relation, columns) in relations)
            await GrantAsync(relation, columns,
            [
                .. reads.GetValueOrDefault(relation) ?? [], .. written.Where(column => column.Item1 == relation).Select(static column => column.Item2),
                .. columns.Where(column => hasStar && column.IsInvisible).Select(static column => column.Name),
            ]);
        switch ((await reader.PrepareAsync(text)).Error)
        {
            case 0:
                Tally.Compared++;
                break;
            case TableDenied or ColumnDenied:
                Tally.Compared++;
                Tally.Missed.Add($"{name}: read {Text(reads)}: {text.ReplaceLineEndings(" ")}");
                return;
            default:
                return; // Denied for what is no column.
        }

        if (await UnreadAsync(text, relations, reads) is { Count: > 0 } unread)
            Tally.Exceeding.Add($"{name}: {string.Join(' ', unread)}: {text.ReplaceLineEndings(" ")}");
    }

    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        await admin.DisposeAsync();
    }

    /// <summary>Columns that we say are read and that the server does not miss.</summary>
    private async Task<List<string>> UnreadAsync(string text, Dictionary<string, List<JudgedColumn>> relations, Dictionary<string, HashSet<string>> reads)
    {
        var unread = new List<string>();
        foreach (var (relation, read) in reads.Where(one => relations.ContainsKey(one.Key) && one.Value.Count <= ColumnsAskedMax))
            foreach (var column in read)
            {
                // Of a table of which it may read no column at all, an account is denied everything.
                var other = read.Count > 1 ? null : relations[relation].Find(one => one.Name != column)?.Name;
                if (read.Count == 1 && other is null) continue;
                if (other is not null) await admin.RunAsync($"grant select ({Quoted(other)}) on {Database}.{Quoted(relation)} to {Account}");
                await admin.RunAsync($"revoke select ({Quoted(column)}) on {Database}.{Quoted(relation)} from {Account}");
                if ((await reader.PrepareAsync(text)).Error == 0) unread.Add($"{relation}.{column}");
                await admin.RunAsync($"grant select ({Quoted(column)}) on {Database}.{Quoted(relation)} to {Account}");
                if (other is not null) await admin.RunAsync($"revoke select ({Quoted(other)}) on {Database}.{Quoted(relation)} from {Account}");
            }

        return unread;
    }

    /// <summary>It may change everything: only what is read is judged. A table of which nothing is read has to be readable in some column, too.</summary>
    private async Task GrantAsync(string relation, List<JudgedColumn> columns, HashSet<string> read)
    {
        string[] readable = read.Count > 0 ? [.. read] : [columns[0].Name];
        await admin.RunAsync($"grant insert, update, delete, select ({string.Join(", ", readable.Select(Quoted))}) on {Database}.{Quoted(relation)} to {Account}");
    }

    private async Task WithdrawAsync()
    {
        await admin.RunAsync($"revoke all privileges, grant option from {Account}");
        await admin.RunAsync($"grant create temporary tables on {Database}.* to {Account}");
    }

    /// <summary>The columns of what it names; null when it names something that is not in the database.</summary>
    private async Task<Dictionary<string, List<JudgedColumn>>?> RelationsAsync(StatementReading reading)
    {
        var relations = new Dictionary<string, List<JudgedColumn>>();
        foreach (var name in reading.Relations.Select(static mention => mention.Name).Distinct())
        {
            if (name.Schema is not (null or Database)) return null;
            var columns = await admin.ReadAsync($"""
                select column_name, extra like '%INVISIBLE%' from information_schema.columns
                where table_schema = '{Database}' and table_name = '{name.Name.Replace("'", "''", StringComparison.Ordinal)}' order by ordinal_position
                """);
            if (columns.Count == 0) return null;
            relations[name.Name] = [.. columns.Select(static column => new JudgedColumn(column[0].ToLowerInvariant(), column[1] == "1"))];
        }

        return relations;
    }

    private static CatalogueSnapshot Snapshot(Dictionary<string, List<JudgedColumn>> relations)
    {
        const uint first = 20_000;
        var facts = new CatalogueFacts
        {
            Dialect = SqlDialect.MySql,
            ServerVersionNum = 101_119,
            Relations = [.. relations.Keys.Select(static (name, index) => new RelationFact(first + (uint)index, Database, name, 'r', RunsUnreviewedCode: false))],
            Columns =
            [
                .. relations.Values.SelectMany(static (columns, index) => columns.Select((column, number) =>
                    new ColumnFact(first + (uint)index, (short)(number + 1), column.Name, PostgresTypeOid.Varchar, "varchar", IsNotNull: false, IsGenerated: false)
                    { IsInvisible = column.IsInvisible })),
            ],
            SystemFunctions = [.. ReviewedFunctions.MySql.Names],
        };
        return SnapshotBuilder.Build(1, facts, ColumnClassification.Nothing);
    }

    private static string Quoted(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Text(Dictionary<string, HashSet<string>> reads) =>
        string.Join(' ', reads.SelectMany(static of => of.Value.Select(column => string.Create(CultureInfo.InvariantCulture, $"{of.Key}.{column}"))));
}
