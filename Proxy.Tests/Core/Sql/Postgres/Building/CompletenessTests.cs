using NUnit.Framework;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.Postgres.Building;

/// <summary>Nothing that the grammar saw is missing from the common tree.</summary>
public sealed class CompletenessTests
{
    private GrammarTree _grammar = null!;

    [OneTimeSetUp]
    public void Start() => _grammar = new GrammarTree();

    [OneTimeTearDown]
    public void End() => _grammar.Dispose();

    [Test]
    public void Every_node_of_our_statements_is_in_their_trees()
    {
        string[] statements = [.. PairedStatements("syntax.txt"), .. PairedStatements("readings.txt"), .. EmbeddedText.ReadParts("everyday.sql")];

        List<string> wrong = [];
        int compared = statements.Sum(statement => Compare(statement, wrong));

        Assert.That(wrong, Is.Empty);
        Assert.That(compared, Is.GreaterThan(250));
    }

    /// <summary>What nobody would write: pieces of our statements within others. Few are SQL; those are read like any other.</summary>
    [Test]
    public void Every_node_of_mixed_statements_is_in_their_trees()
    {
        string[][] statements = [.. PairedStatements("syntax.txt").Select(StatementMixer.Tokens)];
        var mixer = new StatementMixer(statements, Proof.Seed);
        int tried = Proof.Size(200_000, 5_000_000);

        List<string> wrong = [];
        int compared = 0;
        for (int i = 0; i < tried; i++) compared += Compare(mixer.Next(), wrong, isMixed: true);

        Proof.Record("Common tree, mixed statements", $"{compared} that are SQL of {tried}, seed {Proof.Seed}, every node found");
        Assert.That(wrong, Is.Empty, $"Seed {Proof.Seed}.");
        Assert.That(compared, Is.GreaterThan(tried / 1000));
    }

    /// <summary>
    /// PHIGATE_REGRESSION_SCRIPTS names a directory with PostgreSQL's regression scripts, which are not ours to ship: scripts/regression.sh gets
    /// them, and `make prove` calls it.
    /// </summary>
    [Test]
    [Category(Proof.Category)]
    public void Every_node_of_PostgreSQLs_regression_scripts_is_in_their_trees()
    {
        string directory = Environment.GetEnvironmentVariable("PHIGATE_REGRESSION_SCRIPTS") ?? "";
        Assert.That(Directory.Exists(directory), Is.True, "PHIGATE_REGRESSION_SCRIPTS names no directory.");
        string[] scripts = Directory.GetFiles(directory, "*.sql", SearchOption.AllDirectories);

        List<string> wrong = [];
        int compared = scripts.Select(File.ReadAllText).SelectMany(SqlScript.Statements).Sum(statement => Compare(statement, wrong));

        Proof.Record("Common tree, PostgreSQL's regression scripts", $"{compared} statements of {scripts.Length} scripts, every node found");
        Assert.That(wrong, Is.Empty);
        Assert.That(compared, Is.GreaterThan(20_000));
    }

    private static IEnumerable<string> PairedStatements(string name) =>
        EmbeddedText.Read(name).Split('\n').Where(line => line.Length > 0 && line[0] is not '#' and not ' ');

    /// <summary>How many statements were compared. Mixed ones may be opaque: the grammar takes much that no server does.</summary>
    private int Compare(string text, List<string> wrong, bool isMixed = false)
    {
        int compared = 0;
        _grammar.TryVisit(text, (root, syntax) =>
        {
            if (syntax is null)
            {
                if (HasSyntax(_grammar.Tree[root].Type)) wrong.Add($"{text}\n    no tree");
                return;
            }

            compared++;
            if (syntax is DropRelationsStatement or ConstrainStatement or ExplainStatement { Inner: null }) return;
            SortedDictionary<string, int> expected = NodeCounts.Of(_grammar.Tree, root);
            SortedDictionary<string, int> found = NodeCounts.Of(syntax);
            if (found.ContainsKey(NodeCounts.Opaque) && (isMixed || MayBeOpaque(text))) return;
            string[] differences = [.. expected.Keys.Union(found.Keys)
                .Where(name => expected.GetValueOrDefault(name) != found.GetValueOrDefault(name))
                .Select(name => $"{name} {expected.GetValueOrDefault(name)} -> {found.GetValueOrDefault(name)}")];
            if (differences.Length > 0) wrong.Add($"{text}\n    {string.Join(", ", differences)}");
        });
        return compared;
    }

    /// <summary>What is opaque on purpose: column definitions for one of several calls, and INTO where the server allows none.</summary>
    private static bool MayBeOpaque(string text) =>
        text.Contains("rows from", StringComparison.OrdinalIgnoreCase) || text.Contains("into", StringComparison.OrdinalIgnoreCase);

    private static bool HasSyntax(TreeNodeType type) => type is
        TreeNodeType.SelectStmt or TreeNodeType.InsertStmt or TreeNodeType.UpdateStmt or TreeNodeType.DeleteStmt or TreeNodeType.MergeStmt
        or TreeNodeType.CopyStmt or TreeNodeType.CreateTableAsStmt or TreeNodeType.CreateStmt or TreeNodeType.ViewStmt
        or TreeNodeType.DeclareCursorStmt or TreeNodeType.PrepareStmt or TreeNodeType.ExecuteStmt or TreeNodeType.ExplainStmt;
}
