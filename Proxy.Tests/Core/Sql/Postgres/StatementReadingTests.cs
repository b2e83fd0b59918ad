using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.Postgres;

/// <summary>What is read from statements of all kinds.</summary>
public sealed class StatementReadingTests
{
    private static readonly string[] PlacedStatements = ["select 1", "select 'ß;' as b", "commit -- end"];
    private static readonly string[] FoldedNames = ["patients", "Patients", "q\"u\\o\tte", "été"];

    private static IEnumerable<TestCaseData> Readings()
    {
        string[] lines = [.. EmbeddedText.Read("readings.txt").Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
        for (int i = 0; i + 1 < lines.Length; i += 2) yield return new TestCaseData(lines[i], lines[i + 1].Trim()).SetArgDisplayNames(lines[i]);
    }

    private static string[] EverydayTexts() => EmbeddedText.ReadParts("everyday.sql");

    [TestCaseSource(nameof(Readings))]
    public async Task A_statement_is_read_as_the_table_says(string text, string expected)
    {
        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync(text);

        Assert.That(analysis.Statements.Select(ReadingText.Of), Is.EqualTo(new[] { expected }));
    }

    [TestCaseSource(nameof(EverydayTexts))]
    public async Task Everyday_SQL_holds_nothing_that_the_reader_does_not_know(string text)
    {
        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync(text);

        Assert.That(analysis.Statements.Select(statement => statement.OpaqueBecause ?? statement.Kind.ToString()),
            Is.Not.Empty.And.All.Not.Contains("know").And.All.Not.EqualTo(nameof(StatementKind.Unknown)));
    }

    /// <summary>psql prints the queries behind its commands with -E.</summary>
    [Test]
    public async Task The_queries_behind_psqls_commands_hold_nothing_that_the_reader_does_not_know()
    {
        PostgresServer server = await SharedServers.PostgresAsync();
        const string Commands = """
            \d pg_catalog.pg_class
            \d pg_catalog.pg_tables
            \dt
            \l
            \df
            \dn+
            \du
            \dv
            \di+
            \dT
            \dp
            \dx
            \do
            \dC
            \db
            \dRp
            \dy
            \dA
            \dO
            \dd
            \dF
            """;
        CommandResult printed = await server.PsqlAsync("postgres", Commands, options: "-E");
        string[] queries = [.. printed.Output.Split("********* QUERY **********\n").Skip(1).Select(part => part.Split("\n**************************")[0])];

        var unknown = new List<string>();
        foreach (string query in queries)
        {
            StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync(query);
            if (analysis.Status != AnalysisStatus.Read || analysis.Statements.Any(statement => statement.OpaqueBecause is not null)) unknown.Add(query);
        }

        Assert.Multiple(() =>
        {
            Assert.That(queries, Has.Length.GreaterThan(20));
            Assert.That(unknown, Is.Empty);
        });
    }

    [Test]
    public async Task A_node_outside_the_allow_list_makes_the_statement_opaque_and_is_named()
    {
        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync("alter operator + (int, int) set (restrict = none)");

        Assert.That(analysis.Statements[0].OpaqueBecause, Is.EqualTo("the reader does not know a part of AlterOperatorStmt"));
    }

    [Test]
    public async Task Statements_of_one_text_are_placed_without_the_blanks_and_comments_around_them()
    {
        const string Text = " /* é /* nested */ */ select 1 ; -- x ;\n ; select 'ß;' as b;\n\n commit -- end\n";
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(Text);

        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync(Text);

        Assert.That(
            analysis.Statements.Select(statement => System.Text.Encoding.UTF8.GetString(bytes, statement.Start, statement.Length)),
            Is.EqualTo(PlacedStatements));
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase(";;")]
    [TestCase("-- nothing")]
    public async Task A_text_of_blanks_and_comments_has_no_statements(string text)
    {
        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync(text);

        Assert.That((analysis.Status, analysis.Statements.Length), Is.EqualTo((AnalysisStatus.Read, 0)));
    }

    [Test]
    public async Task Names_are_folded_and_unescaped_as_the_server_does()
    {
        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync("select 1 from Patients, \"Patients\", \"q\"\"u\\o\tte\", U&\"\\00e9t\\00e9\", été");

        Assert.That(
            analysis.Statements[0].Relations.Select(relation => relation.Name.Name),
            Is.EqualTo(FoldedNames));
    }

    [Test]
    public async Task More_names_than_the_reader_keeps_make_the_statement_opaque()
    {
        string text = "select " + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"c{i}"));

        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync(text);

        Assert.That(analysis.Statements[0].OpaqueBecause, Is.EqualTo("more names than the reader keeps"));
    }

    [Test]
    public async Task More_names_in_WITH_than_the_reader_follows_make_the_statement_opaque()
    {
        string with = string.Join(',', Enumerable.Range(0, 3000).Select(i => $"w{i} as (select 1)"));
        string from = string.Join(',', Enumerable.Repeat("t", 3000));

        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync($"with {with} select 1 from {from}");

        Assert.That(analysis.Statements[0].OpaqueBecause, Is.EqualTo("more names in WITH than the reader follows"));
    }
}
