using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>What the walk knows about the node it is inside of.</summary>
internal struct WalkContext
{
    public int Index;

    /// <summary>The entry behind the node's last one.</summary>
    public int End;
    public TreeNodeType Type;
    public WalkFlags Flags;

    /// <summary>Index of the innermost <see cref="WithScope"/>, or -1.</summary>
    public int Scope;
}
