namespace Proxy.Core.Sql.Lineage.Binding;

/// <summary>A column that can be named without saying whose it is. A column merged by USING is nobody's own.</summary>
internal readonly record struct VisibleColumn(string Name, Flow Flow, RangeEntry? Entry)
{
    /// <summary>A star does not stand for it.</summary>
    public bool IsInvisible { get; init; }
}
