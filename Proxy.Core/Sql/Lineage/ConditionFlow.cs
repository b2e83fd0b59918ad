namespace Proxy.Core.Sql.Lineage;

/// <summary>PHI that decides which rows there are, or in which order.</summary>
/// <param name="Form">How it decides.</param>
/// <param name="Sources">The columns; empty when nobody knows them.</param>
/// <param name="Position">Where in the text, or -1.</param>
public readonly record struct ConditionFlow(ConditionForm Form, SourceSet Sources, int Position)
{
    /// <summary>Whether more may decide than the columns: a function that was not understood.</summary>
    public bool IsOpaque { get; init; }

    public override string ToString() => $"{Form} by {Sources}";
}
