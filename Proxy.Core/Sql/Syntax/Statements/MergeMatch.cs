namespace Proxy.Core.Sql.Syntax;

/// <summary>Which rows an arm of MERGE is for, and so which sides its expressions see.</summary>
public enum MergeMatch : byte
{
    /// <summary>Both sides.</summary>
    Matched = 0,

    /// <summary>Rows of the target without a partner: the target alone.</summary>
    NotMatchedBySource,

    /// <summary>Rows of the source without a partner: the source alone.</summary>
    NotMatchedByTarget,
}
