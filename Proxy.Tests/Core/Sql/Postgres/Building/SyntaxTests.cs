using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Tests.Core.Sql.Postgres.Building;

/// <summary>What the common tree says of statements of all kinds.</summary>
public sealed class SyntaxTests
{
    private static IEnumerable<TestCaseData> Trees()
    {
        string[] lines = [.. EmbeddedText.Read("syntax.txt").Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
        for (int i = 0; i + 1 < lines.Length; i += 2) yield return new TestCaseData(lines[i], lines[i + 1].Trim()).SetArgDisplayNames(lines[i]);
    }

    [TestCaseSource(nameof(Trees))]
    public async Task A_statement_becomes_the_tree_that_the_table_says(string text, string expected)
    {
        StatementReading reading = await ReadAsync(text);

        Assert.That(SyntaxText.Of(reading.Syntax), Is.EqualTo(expected));
    }

    [TestCase("'it''s'", LiteralKind.Text, "it's")]
    [TestCase("E'a\\n\\x01\\\\'", LiteralKind.Text, "a\n\u0001\\")]
    [TestCase("$q$ \"ü\" $q$", LiteralKind.Text, " \"ü\" ")]
    [TestCase("''", LiteralKind.Text, "")]
    [TestCase("0", LiteralKind.Number, "0")]
    [TestCase("-12", LiteralKind.Number, "-12")]
    [TestCase("12345678901234567890.5e3", LiteralKind.Number, "12345678901234567890.5e3")]
    [TestCase("true", LiteralKind.Boolean, "true")]
    [TestCase("false", LiteralKind.Boolean, "false")]
    [TestCase("x'1F'", LiteralKind.Bits, "x1F")]
    [TestCase("null", LiteralKind.Null, null)]
    public async Task A_literal_holds_what_it_says_and_does_not_print_it(string text, LiteralKind kind, string? value)
    {
        StatementReading reading = await ReadAsync($"select 'é', {text}");

        Literal literal = (Literal)Select(reading).Targets[1].Value;
        Assert.Multiple(() =>
        {
            Assert.That((literal.Kind, literal.Value), Is.EqualTo((kind, value)));
            Assert.That(literal.ToString(), Is.EqualTo($"{kind} literal"));
        });
    }

    /// <summary>Bytes, not characters.</summary>
    [Test]
    public async Task Nodes_know_where_in_the_text_they_stand()
    {
        StatementReading reading = await ReadAsync("/* é */ select 'é', a.b + f($1) from s.t as x where x.c is null");

        SelectQuery select = Select(reading);
        OperatorCall sum = (OperatorCall)select.Targets[1].Value;
        Call call = (Call)sum.Right[0];
        int[] positions =
        [
            select.Targets[0].Value.Position, sum.Left!.Position, sum.Position, call.Position, call.Arguments[0].Position, select.From[0].Position,
            select.Where!.Position, select.Position,
        ];
        Assert.That(positions, Is.EqualTo(new[] { 16, 22, 26, 28, 30, 39, 58, -1 }));
    }

    [TestCase("prepare p as select a from t", "(select a (from (table t)))")]
    [TestCase("explain analyze delete from t", "(delete (table t))")]
    [TestCase("declare c cursor for values (1)", "(values (row <number>))")]
    [TestCase("copy (select a from t) to stdout", "(select a (from (table t)))")]
    [TestCase("create table t as select 1", "(select <number>)")]
    [TestCase("create table t as execute p (1)", "(execute p <number>)")]
    [TestCase("explain create table t as select 1", "(create-as t (select <number>))")]
    public async Task The_reading_of_a_statement_inside_has_its_tree(string text, string expected)
    {
        StatementReading reading = await ReadAsync(text);

        Assert.That(SyntaxText.Of(reading.Inner!.Syntax), Is.EqualTo(expected));
    }

    [TestCase("a || ")]
    [TestCase("1 + ")]
    [TestCase("(")]
    [TestCase("f(")]
    [TestCase("not ")]
    public async Task Deep_nesting_is_built(string level)
    {
        const int Levels = 1_000;
        string closing = string.Concat(Enumerable.Repeat(")", level.EndsWith('(') ? Levels : 0));
        StatementReading reading = await ReadAsync($"select {string.Concat(Enumerable.Repeat(level, Levels))}x{closing}");

        Assert.That(reading.Syntax, Is.Not.Null);
    }

    /// <summary>The grammar takes more subscripts than anybody needs.</summary>
    [TestCase("x", "::text", 20_000)]
    [TestCase("x", " is null", 20_000)]
    [TestCase("", "-x", 20_000)]
    public async Task What_is_nested_too_deep_has_no_tree(string start, string level, int levels)
    {
        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync($"select {start}{string.Concat(Enumerable.Repeat(level, levels))}");

        Assert.That(analysis.Statements.Select(statement => statement.Syntax), Is.All.Null);
    }

    [Test]
    public async Task The_memory_of_a_tree_is_estimated_by_its_size()
    {
        StatementReading one = await ReadAsync("select a from t where b in (1)");
        StatementReading many = await ReadAsync($"select a from t where b in ({string.Join(',', Enumerable.Range(1, 1000))})");

        Assert.That(many.SyntaxBytes, Is.GreaterThan(one.SyntaxBytes + 80_000));
    }

    private static SelectQuery Select(StatementReading reading) => (SelectQuery)((QueryStatement)reading.Syntax!).Query;

    private static async Task<StatementReading> ReadAsync(string text)
    {
        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync(text);
        Assert.That(analysis.Status, Is.EqualTo(AnalysisStatus.Read));
        return analysis.Statements[0];
    }
}
