using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>
/// A real MariaDB judges which columns we say that the statements of its test suite read. PHIGATE_MARIADB_TESTS names a directory with the scripts, which
/// are not ours to ship: scripts/mariadb-tests.sh gets them.
/// </summary>
[Parallelizable(ParallelScope.Self)] // One statement after the other, for a server of its own: at most one core.
public sealed class LineageOracleTests
{
    /// <summary>What `make check` takes of them.</summary>
    private static readonly string[] Sample = ["subselect", "join", "cte_nonrecursive", "group_by", "update", "delete", "insert_select", "view", "invisible_field"];

    [Test]
    public async Task Our_read_sets_are_those_of_the_server_on_its_test_suite()
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
        await using var judge = await ReadsJudge.StartAsync(server);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            await JudgeAsync(judge, name, Path.Combine(directory, $"{name}.test"), seen);

        Proof.Record("MySQL, read sets judged by MariaDB on its test suite", judge.Tally.Figures);
        await TestContext.Out.WriteLineAsync(judge.Tally.Figures);
        foreach (var line in judge.Tally.Missed.Select(static line => $"missed: {line}").Concat(judge.Tally.Exceeding.Select(static line => $"more: {line}")).Take(400))
            await TestContext.Out.WriteLineAsync(line);
        Assert.Multiple(() =>
        {
            Assert.That(judge.Tally.Missed, Is.Empty);
            Assert.That(judge.Tally.Exceeding.Count * 100, Is.LessThanOrEqualTo(judge.Tally.Compared * 3));
            Assert.That(judge.Tally.Compared, Is.GreaterThan(Proof.Size(500, 5_000)));
        });
    }

    private static async Task JudgeAsync(ReadsJudge judge, string name, string path, HashSet<string> seen)
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

        await judge.BeginAsync();
        foreach (var statement in new MysqlTestScript(text).Statements().Where(static statement => !statement.Contains('\0', StringComparison.Ordinal)))
        {
            if (IsQuery(statement) && seen.Add(statement)) await judge.JudgeAsync(name, statement);
            // What is temporary has no grants, and is left out.
            if (StatementCorpusTests.MakesRelations(statement) && !statement.Contains("temporary", StringComparison.OrdinalIgnoreCase)) await judge.RunAsync(statement);
        }
    }

    private static bool IsQuery(string statement) =>
        MysqlTestScript.FirstWord(statement).ToUpperInvariant() is "" or "SELECT" or "WITH" or "INSERT" or "REPLACE" or "UPDATE" or "DELETE";
}
