using System.Globalization;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Syntax;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>
/// A real MariaDB judges each statement of its test suite, and we have to say the same. PHIGATE_MARIADB_TESTS names a directory with the scripts, which are
/// not ours to ship: scripts/mariadb-tests.sh gets them.
/// </summary>
[Parallelizable(ParallelScope.Self)] // One statement after the other, for a server of its own: at most one core.
public sealed class StatementCorpusTests
{
    private const int NotSyntax = 1064;
    private const int NotSyntaxOfCreate = 1149;

    /// <summary>What `make check` takes of them.</summary>
    private static readonly string[] Sample =
        ["select", "subselect", "join", "join_nested", "union", "func_str", "func_time", "insert", "insert_select", "update", "delete", "cte_nonrecursive", "cte_recursive", "win", "group_by", "parser", "brackets", "intersect", "except", "comments", "type_date"];

    [Test]
    public async Task We_read_what_the_server_reads_and_no_more()
    {
        var directory = Environment.GetEnvironmentVariable("PHIGATE_MARIADB_TESTS") ?? "";
        if (!Proof.IsFull)
            Assume.That(Directory.Exists(directory), Is.True, "PHIGATE_MARIADB_TESTS names no directory.");
        string[] names = Proof.IsFull
            ? [.. Directory.GetFiles(directory, "*.test").Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
            : Sample;
        await using var server = await MariaDbServer.StartAsync(new MariaDbServerOptions
        {
            Settings = new Dictionary<string, string> { ["max-statement-time"] = "3", ["max-prepared-stmt-count"] = "100000" },
        });
        await using var judge = await StatementServer.ConnectAsync(MariaDbServer.Host, server.Port, MariaDbUser.Admin.Name, MariaDbUser.Admin.Password);
        var queries = new StatementTally();
        var others = new StatementTally();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            await JudgeAsync(judge, name, Path.Combine(directory, $"{name}.test"), seen, queries, others);

        Proof.Record("MySQL, queries and changes of rows judged by MariaDB on its test suite", queries.Figures);
        Proof.Record("MySQL, other statements judged by MariaDB on its test suite (read by their first words)", others.Figures);
        await TestContext.Out.WriteLineAsync(queries.Figures);
        await TestContext.Out.WriteLineAsync(others.Figures);
        foreach (var line in queries.Missed.Concat(queries.Invented.Select(static line => $"invented: {line}")).Concat(others.Missed))
            await TestContext.Out.WriteLineAsync(line);
        Assert.Multiple(() =>
        {
            Assert.That(queries.NotRead * 100, Is.LessThanOrEqualTo(queries.Accepted));
            Assert.That(queries.WronglyRead * 100, Is.LessThanOrEqualTo(queries.Rejected));
            Assert.That(queries.Different, Is.Empty);
            Assert.That(others.NotRead * 100, Is.LessThanOrEqualTo(others.Accepted));
            Assert.That(queries.Accepted, Is.GreaterThan(Proof.Size(4_000, 35_000)));
            Assert.That(queries.Compared, Is.GreaterThan(Proof.Size(1_500, 12_000)));
        });
    }

    private static async Task JudgeAsync(
        StatementServer server, string name, string path, HashSet<string> seen, StatementTally queries, StatementTally others)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(await File.ReadAllBytesAsync(path));
        }
        catch (DecoderFallbackException)
        {
            return; // Written in another character set.
        }
        await server.RunAsync("set sql_mode = default");
        foreach (var statement in new[] { "drop database if exists judged", "create database judged", "use judged" })
            await server.RunAsync(statement);
        foreach (var statement in new MysqlTestScript(text).Statements().Where(static statement => !statement.Contains('\0', StringComparison.Ordinal)))
        {
            if (seen.Add(statement))
                await JudgeStatementAsync(server, name, statement, IsQuery(statement) ? queries : others);
            if (MakesRelations(statement))
                await server.RunAsync(statement);
        }
    }

    private static async Task JudgeStatementAsync(StatementServer server, string name, string text, StatementTally tally)
    {
        var analysis = MySqlText.Analyse(text);
        var (error, columns, _) = await server.PrepareAsync(text);
        tally.Add(name, text, error is not (NotSyntax or NotSyntaxOfCreate), analysis);
        if (error != 0 || analysis is not { Status: AnalysisStatus.Read, Statements: [{ OpaqueBecause: null, Syntax: QueryStatement { Query: var query } } reading] })
            return;
        var relations = new Dictionary<QualifiedName, List<string>>();
        foreach (var relation in reading.Relations.Select(static mention => mention.Name).Distinct())
            if (await server.PrepareAsync($"select * from {Quoted(relation)}") is (0, _, var names))
                relations[relation] = names;
        if (new ColumnNames(relations).Of(query) is not { } ours)
            return;
        tally.Compared++;
        var expected = query.Into is null ? ours.Count : 0;
        if (expected != columns)
            tally.Different.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {expected}, the server {columns}: {text}"));
    }

    private static string Quoted(QualifiedName name) => name.Schema is null ? $"`{Escaped(name.Name)}`" : $"`{Escaped(name.Schema)}`.`{Escaped(name.Name)}`";

    private static string Escaped(string name) => name.Replace("`", "``", StringComparison.Ordinal);

    private static bool IsQuery(string statement) =>
        MysqlTestScript.FirstWord(statement).ToUpperInvariant() is "" or "SELECT" or "WITH" or "VALUES" or "TABLE" or "INSERT" or "REPLACE" or "UPDATE" or "DELETE";

    /// <summary>So that later statements can be prepared. Nothing outside of the database is touched.</summary>
    internal static bool MakesRelations(string statement)
    {
        var words = statement.ToUpperInvariant().Split((char[]?)null, 4, StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 2 && words[0] is "CREATE" or "DROP" or "ALTER" && (words[1] is "TABLE" or "VIEW" or "TEMPORARY" || (words[1] is "OR" && words[3].StartsWith("TABLE", StringComparison.Ordinal)))
            && !statement.Contains("mysql.", StringComparison.OrdinalIgnoreCase) && !statement.Contains("sleep", StringComparison.OrdinalIgnoreCase);
    }
}
