using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>A parse tree together with the JSON its texts lie in: the reader's way to names and values.</summary>
internal readonly ref struct TreeText(ParseTree tree, ReadOnlySpan<byte> json, NameTable names)
{
    private readonly ReadOnlySpan<byte> _json = json;

    public ParseTree Tree { get; } = tree;

    public string Name(int index) => names.Get(Tree, index, _json);

    /// <summary>The string of a text that is no name: it is the client's, and not kept for others.</summary>
    public string Value(int index) => NameTable.Decode(Tree, index, _json);

    /// <summary>The bytes as JSON writes them. Equal names have equal bytes.</summary>
    public ReadOnlySpan<byte> Raw(int index) => Tree.Raw(index, _json);

    public ReadOnlySpan<byte> RawOf(int parent, TreeField field)
    {
        int child = Tree.Child(parent, field);
        return child < 0 ? default : Tree.Raw(child, _json);
    }

    public bool Is(int parent, TreeField field, ReadOnlySpan<byte> value) => RawOf(parent, field).SequenceEqual(value);

    /// <summary>A scalar field's text; null when absent, and the grammar leaves out empty ones.</summary>
    public string? NameOf(int parent, TreeField field)
    {
        int child = Tree.Child(parent, field);
        return child < 0 || Tree[child].Type != TreeNodeType.Text ? null : Name(child);
    }

    /// <summary>The text inside a String node; the empty string when the grammar left it out.</summary>
    public string StringValue(int index) => NameOf(index, TreeField.Sval) ?? "";

    /// <summary>A dotted name written as a list of String nodes: the last two parts. Null when the list is empty.</summary>
    public QualifiedName? Qualified(int parent, TreeField field)
    {
        int last = -1;
        int beforeLast = -1;
        int end = Tree[parent].End;
        for (int child = parent + 1; child < end; child = Tree[child].End)
        {
            if (Tree[child].Field != field || Tree[child].Type != TreeNodeType.String) continue;
            beforeLast = last;
            last = child;
        }

        return last < 0 ? null : new QualifiedName(beforeLast < 0 ? null : StringValue(beforeLast), StringValue(last));
    }
}
