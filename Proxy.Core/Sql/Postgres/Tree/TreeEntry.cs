namespace Proxy.Core.Sql.Postgres.Tree;

/// <summary>
/// One node or scalar of a <see cref="ParseTree"/>. Entries stand in the order of the text (pre-order); <see cref="End"/> is the index behind
/// the last one of this subtree, so that the children of entry i are i+1, then that child's End, and so on.
/// </summary>
internal struct TreeEntry
{
    public TreeNodeType Type;
    public TreeField Field;

    /// <summary>For Text: the JSON has escapes in it.</summary>
    public bool IsEscaped;

    /// <summary>For Number: it is one of <see cref="ParseTree.Open"/>.</summary>
    public bool IsOpen;
    public int End;

    /// <summary>
    /// For Text and Unrecognised: where its bytes (or its type's name) lie in the JSON. For Number: the value, which <see cref="ParseTree.Number"/> reads. For other nodes: where they stand
    /// in the SQL text, in bytes; zero or less when the grammar does not say.
    /// </summary>
    public int Value;
    public int Length;
}
