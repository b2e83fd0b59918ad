using System.Runtime.CompilerServices;
using Proxy.Core.Sql.Postgres.Reading;
using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>
/// What all builders share: the grammar's tree of one statement, and how deep in it they are. Builders recurse, so the depth that a client
/// chooses is bounded here, by a number and by the thread's stack.
/// </summary>
internal ref struct BuildContext
{
    /// <summary>The grammar itself ends at about 3,000 levels of operators (measured).</summary>
    public const int DepthMax = 3_500;

    public readonly TreeText Text;
    private int _depth;

    public BuildContext(TreeText text) => Text = text;

    /// <summary>Set for good once the statement is deeper than can be built: what has been built of it is not to be used.</summary>
    public bool IsTooDeep { get; private set; }

    public readonly ParseTree Tree => Text.Tree;

    /// <summary>Once for each level. False when that is one too many; else <see cref="Leave"/> must follow.</summary>
    public bool TryEnter()
    {
        if (IsTooDeep || _depth >= DepthMax || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            IsTooDeep = true;
            return false;
        }

        _depth++;
        return true;
    }

    public void Leave() => _depth--;

    public readonly TreeNodeType TypeOf(int index) => Tree[index].Type;

    /// <summary>Byte offset of the node's token, or -1. No token but WITH can stand where a text begins and be known to the grammar by its place.</summary>
    public readonly int Position(int index)
    {
        ref readonly TreeEntry entry = ref Tree[index];
        return entry.Type > TreeNodeType.True && (entry.Value > 0 || entry.Type == TreeNodeType.WithClause) ? entry.Value : -1;
    }

    /// <summary>The next child in this field at or behind an entry, or -1.</summary>
    public readonly int Next(int parent, int from, TreeField field)
    {
        ParseTree tree = Tree;
        int end = tree[parent].End;
        for (; from < end; from = tree[from].End)
        {
            if (tree[from].Field == field) return from;
        }

        return -1;
    }

    public readonly int Child(int parent, TreeField field) => Next(parent, parent + 1, field);

    public readonly bool Has(int parent, TreeField field) => Child(parent, field) >= 0;

    public readonly bool Is(int parent, TreeField field, ReadOnlySpan<byte> value) => Text.Is(parent, field, value);

    /// <summary>An integer field; zero when absent, as the grammar writes zeros.</summary>
    public readonly int Number(int parent, TreeField field)
    {
        int child = Child(parent, field);
        return child < 0 ? 0 : Tree.Number(child);
    }

    /// <summary>True when a field outside of the set holds a node: something that nobody would look at.</summary>
    public readonly bool HoldsOther(int parent, in FieldSet known)
    {
        ParseTree tree = Tree;
        int end = tree[parent].End;
        for (int child = parent + 1; child < end; child = tree[child].End)
        {
            ref readonly TreeEntry entry = ref tree[child];
            if (IsNode(entry.Type) && !known.Contains(entry.Field)) return true;
        }

        return false;
    }

    /// <summary>The grammar's name of a node, for the reason of an opaque one.</summary>
    public readonly string NameOfType(int index)
    {
        TreeNodeType type = TypeOf(index);
        if (type != TreeNodeType.Unrecognised) return type.ToString();
        ReadOnlySpan<byte> name = Text.Raw(index);
        return name.IsEmpty ? "an unknown part" : System.Text.Encoding.UTF8.GetString(name);
    }

    public static bool IsNode(TreeNodeType type) => type is TreeNodeType.Unrecognised or > TreeNodeType.True;
}
