using System.Text;
using Proxy.Core.Sql.Postgres.Building;
using Proxy.Core.Sql.Postgres.Host;
using Proxy.Core.Sql.Postgres.Reading;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Tests.Core.Sql.Postgres.Building;

/// <summary>The grammar's own tree of a text beside the common tree made from it. Not thread-safe.</summary>
internal sealed class GrammarTree : IDisposable
{
    private readonly PostgresGrammar _grammar = new(SharedFrontEnd.ModuleCacheDirectory);
    private readonly NameTable _names = new();
    private GrammarInstance? _instance;

    public ParseTree Tree { get; } = new();

    /// <summary>Calls back for each statement with its root in <see cref="Tree"/> and its syntax. False when the grammar rejects the text.</summary>
    public bool TryVisit(string text, Action<int, Statement?> visit)
    {
        _instance ??= new GrammarInstance(_grammar, 512L * 1024 * 1024);
        ParseOutcome outcome = _instance.Parse(Encoding.UTF8.GetBytes(text), EpochClock.EpochsFor(TimeSpan.FromSeconds(10)), out ReadOnlySpan<byte> json);
        if (outcome == ParseOutcome.Parsed && Tree.TryBuild(json))
        {
            var treeText = new TreeText(Tree, json, _names);
            int end = Tree[0].End;
            for (int raw = 1; raw < end; raw = Tree[raw].End)
            {
                int root = Tree[raw].Field == TreeField.Stmts ? Tree.Child(raw, TreeField.Stmt) : -1;
                if (root >= 0) visit(root, StatementBuilder.Build(treeText, root));
            }
        }

        bool isSound = outcome is ParseOutcome.Parsed or ParseOutcome.Rejected && _instance.Release();
        if (!isSound)
        {
            _instance.Dispose();
            _instance = null;
        }

        return outcome == ParseOutcome.Parsed;
    }

    public void Dispose()
    {
        _instance?.Dispose();
        _grammar.Dispose();
    }
}
