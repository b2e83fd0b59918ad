namespace Proxy.Core.Sql.Syntax;

/// <summary>
/// A node of the tree that every dialect's statements become. It says what was written, not what it means: no names are resolved here. Immutable.
/// </summary>
public abstract class SyntaxNode
{
    /// <summary>Byte offset in the analysed text where the node's own token stands; -1 where the grammar does not say.</summary>
    public int Position { get; init; } = -1;

    /// <summary>Byte offset behind the node's last token; -1 where the grammar does not say.</summary>
    public int End { get; init; } = -1;
}
