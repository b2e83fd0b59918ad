namespace Proxy.Core.Sql.Lineage;

/// <summary>A column of something with rows.</summary>
public readonly record struct NamedFlow(string Name, Flow Flow)
{
    /// <summary>A star does not stand for it.</summary>
    public bool IsInvisible { get; init; }
}
