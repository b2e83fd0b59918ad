using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Postgres;
using Proxy.Core.Sql.Postgres.Host;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.Postgres;

/// <summary>A tree with other integers put into it is the one that the grammar makes of the other text.</summary>
public sealed class TreeTemplateTests
{
    private const long MemoryBytesMax = 256L << 20;

    /// <summary>Every place where gram.y takes an integer, and what looks like one.</summary>
    private static readonly string[] Numbers =
    [
        "SELECT a, 12 FROM t WHERE id = 12345 AND x IN (1, 22, 333) LIMIT 50 OFFSET 7",
        "SELECT -5, - 5, +5, a-5, a -5, 5-5, (-5), 1.5, 5., .5, 1e5, 1e+5, 0x1F, 0o17, 0b11, 1_000, 100_1, 007, 0, 10 AS a1",
        "SELECT 'a 55', E'\\x41 55', U&'\\0041', B'11', X'1F', $$ 12 $$, $a1$ 12 $a1$, \"a 12\", /* 12 */ 12 -- 12",
        "SELECT $1, $12, a1, t1.c2, t.a[5], t.a[1:2], ARRAY[1, 2], (1, 2)",
        "SELECT a::varchar(10), a::numeric(10, 2), a::bit(3), a::float(24), a::float(25), a::char(5), a::timestamp(3), a::time(3) with time zone",
        "SELECT interval '1' second(3), interval(3) '1 day', interval '1 12' day to second(2), date '2020-01-01'",
        "SELECT a FROM t ORDER BY 2, 1 DESC FETCH FIRST 5 ROWS WITH TIES",
        "SELECT a FROM t GROUP BY 1, ROLLUP (2, 3) FETCH FIRST + 5 ROWS ONLY",
        "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 3 PRECEDING AND 12 FOLLOWING) FROM t TABLESAMPLE bernoulli (10) REPEATABLE (77)",
        "SELECT CASE 5 WHEN 5 THEN 15 ELSE 25 END, a BETWEEN 5 AND 15, a NOT BETWEEN SYMMETRIC 15 AND 5, COALESCE(1, 22), NULLIF(3, 33)",
        "SELECT substring(a FROM 2 FOR 5), overlay(a PLACING 'x' FROM 3 FOR 1), extract(epoch FROM b) > 100, position('a' IN b) = 3",
        "INSERT INTO t (a, b) VALUES (1, 22), (333, 4444) ON CONFLICT (a) DO UPDATE SET b = 55 WHERE t.a > 6",
        "UPDATE t SET a = a + 11, b[3] = 12 WHERE id = 77",
        "DELETE FROM t WHERE id = 9 OR id = 99",
        "SET a.b = 12", "SET statement_timeout TO 5000", "SET TIME ZONE 5", "SET TIME ZONE -5", "SHOW a", "FETCH 12 FROM c", "MOVE FORWARD 3 FROM c", "FETCH ABSOLUTE -3 FROM c",
        "CREATE TABLE t (a int DEFAULT 5 CHECK (a > 15), b varchar(22)) PARTITION BY HASH (a) WITH (fillfactor = 70)",
        "CREATE TABLE p PARTITION OF t FOR VALUES WITH (MODULUS 4, REMAINDER 1)", "CREATE SEQUENCE s START 5 INCREMENT BY 2 MINVALUE 1 CACHE 20",
        "ALTER TABLE t ALTER COLUMN a SET STATISTICS 100", "ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 100", "ALTER ROLE r CONNECTION LIMIT 5",
        "PREPARE p1 (int) AS SELECT 5 + $1", "EXECUTE p1 (55, 66)", "EXPLAIN (ANALYZE, BUFFERS 1) SELECT 12", "SELECT 1; SELECT 22; SELECT 333",
        "SELECT 999999999, 2147483647, 2147483648, 1234567890, 9999999999, 99999999999999999999", "SELECT '5'::int, int '5', 5::text, CAST(55 AS text)",
        "SELECT json_value(a, '$.b' RETURNING numeric(5, 2) DEFAULT 5 ON EMPTY)", "VALUES (1, 2), (33, 44)", "SELECT t.* FROM f(5, 55) WITH ORDINALITY t(a1, a2) WHERE a2 = 2",
        "SELECT a <-> 5, a ?| 6, @ 7, 8 OPERATOR(pg_catalog.+) 9, NOT 1 = 1 IS TRUE", "SELECT é12 FROM t WHERE é = 12",
    ];

    private PostgresGrammar _grammar = null!;
    private GrammarInstance _instance = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _grammar = new PostgresGrammar(SharedFrontEnd.ModuleCacheDirectory);
        _instance = new GrammarInstance(_grammar, MemoryBytesMax);
    }

    [OneTimeTearDown]
    public void End()
    {
        _instance.Dispose();
        _grammar.Dispose();
    }

    [Test]
    public void Wherever_a_template_fits_the_grammar_makes_the_same_tree()
    {
        var random = new Random(Proof.Seed);
        string[] readings = [.. EmbeddedText.Read("readings.txt").Split('\n').Where(line => line.Length > 0 && line[0] is not ('#' or ' '))];
        int fitting = 0;
        int templates = 0;
        foreach (string text in (string[])[.. Numbers, .. readings, .. EmbeddedText.ReadParts("everyday.sql")])
        {
            byte[] first = Encoding.UTF8.GetBytes(text);
            if (Parse(first) is not { } parsed || TreeTemplate.Of(first, parsed.Json, parsed.Tree) is not { } template) continue;
            templates++;
            for (int variant = 0; variant < Proof.Size(50, 2_000); variant++)
            {
                byte[] other = WithOtherDigits(first, random);
                if (!template.Fits(other)) continue;
                fitting++;
                var tree = new ParseTree();
                template.CopyTo(tree, other);
                var expected = Parse(other);
                Assert.That(expected is { } made ? Lines(made.Tree, made.Json) : null, Is.EqualTo(Lines(tree, template.Json)), Encoding.UTF8.GetString(other));
            }
        }

        Assert.That(templates, Is.GreaterThan(25));
        Assert.That(fitting, Is.GreaterThan(500));
        Proof.Record("Trees with other integers", $"{fitting:N0} texts by {templates:N0} templates, seed {Proof.Seed}: each the tree that the grammar makes");
    }

    [TestCase("SELECT 'a 55'", "SELECT 'a 56'")]
    [TestCase("SELECT 1.5", "SELECT 2.5")]
    [TestCase("SELECT 55", "SELECT 05")]
    [TestCase("SELECT 55", "SELECT 5a")]
    [TestCase("SELECT 55", "SELECT 555")]
    [TestCase("SELECT a::float(24)", "SELECT a::float(25)")]
    [TestCase("SELECT 1_000", "SELECT 2_000")]
    [TestCase("SELECT 0x15", "SELECT 0x16")]
    [TestCase("SELECT $1, 5", "SELECT $2, 5")]
    [TestCase("SELECT a1, 5", "SELECT a2, 5")]
    [TestCase("SELECT 2147483647", "SELECT 2147483648")]
    [TestCase("SELECT 5 -- 12", "SELECT 5 -- 13")]
    [TestCase("DROP AGGREGATE a(VARIADIC numeric(10,2)[] ORDER BY VARIADIC numeric(10,2)[]); SELECT 51", "DROP AGGREGATE a(VARIADIC numeric(11,2)[] ORDER BY VARIADIC numeric(10,2)[]); SELECT 51")]
    [TestCase("ALTER TABLE t ALTER COLUMN a SET STATISTICS 100", "ALTER TABLE t ALTER COLUMN a SET STATISTICS 101")]
    public void What_is_no_integer_constant_must_be_the_same(string text, string other)
    {
        byte[] first = Encoding.UTF8.GetBytes(text);
        var (tree, json) = Parse(first)!.Value;
        Assert.That(TreeTemplate.Of(first, json, tree)?.Fits(Encoding.UTF8.GetBytes(other)), Is.Not.True);
    }

    [TestCase("SELECT 1234567890", "SELECT 2147483647", true)]
    [TestCase("SELECT 1234567890", "SELECT 2147483648", false)]
    [TestCase("SELECT 2147483648", "SELECT 1234567890", false)]
    [TestCase("SELECT 999999999", "SELECT 100000000", true)]
    public void An_integer_has_32_bits(string text, string other, bool fits)
    {
        byte[] first = Encoding.UTF8.GetBytes(text);
        var (tree, json) = Parse(first)!.Value;
        Assert.That(TreeTemplate.Of(first, json, tree)?.Fits(Encoding.UTF8.GetBytes(other)) ?? false, Is.EqualTo(fits));
    }

    [Test]
    public void The_third_text_of_a_shape_is_read_without_the_grammar_and_has_its_own_values()
    {
        using var frontEnd = new PostgresFrontEnd(SharedFrontEnd.Options with { Instances = 1, CallerStackBytes = PostgresFrontEndOptions.CallerStackBytesMin });
        string[] values = [.. new[] { "11111", "22222", "33333", "44444" }.Select(value => LiteralOf(frontEnd, $"SELECT name, {value} FROM patients"))];
        Assert.That(values, Is.EqualTo(new[] { "11111", "22222", "33333", "44444" }));
        Assert.That(frontEnd.Statistics.Templated, Is.EqualTo(2));
    }

    private static string LiteralOf(PostgresFrontEnd frontEnd, string text)
    {
        Assert.That(frontEnd.TryAnalyse(Encoding.UTF8.GetBytes(text), out StatementAnalysis analysis));
        return ((Literal)((SelectQuery)((QueryStatement)analysis.Statements[0].Syntax!).Query).Targets[1].Value).Value!;
    }

    private (ParseTree Tree, byte[] Json)? Parse(byte[] text)
    {
        if (_instance.Parse(text, EpochClock.EpochsFor(TimeSpan.FromSeconds(3)), out ReadOnlySpan<byte> json) is not ParseOutcome.Parsed) return null;
        byte[] copy = json.ToArray();
        _instance.Release();
        var tree = new ParseTree();
        Assert.That(tree.TryBuild(copy));
        return (tree, copy);
    }

    /// <summary>Each entry with all that it says.</summary>
    private static string[] Lines(ParseTree tree, ReadOnlySpan<byte> json)
    {
        var lines = new string[tree.Entries.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            TreeEntry entry = tree[i];
            lines[i] = $"{entry.Type} {entry.Field} {entry.IsEscaped} {entry.End} {entry.Value} {entry.Length} {Encoding.UTF8.GetString(tree.Raw(i, json))}";
        }

        return lines;
    }

    /// <summary>Some numbers have other digits, of all kinds and everywhere; seldom with a zero in front.</summary>
    private static byte[] WithOtherDigits(byte[] text, Random random)
    {
        byte[] other = [.. text];
        for (int start = 0; start < other.Length;)
        {
            int end = start;
            while (end < other.Length && other[end] is >= (byte)'0' and <= (byte)'9') end++;
            bool isChanged = random.Next(4) > 0;
            for (int i = start; isChanged && i < end; i++) other[i] = (byte)('0' + random.Next(i == start && random.Next(16) > 0 ? 1 : 0, 10));
            start = end + 1;
        }

        return other;
    }
}
