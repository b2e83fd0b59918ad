namespace Proxy.Core.Sql.Syntax;

/// <summary>How an operator was applied.</summary>
public enum OperatorForm : byte
{
    Plain = 0,

    /// <summary>a op ANY (array).</summary>
    Any,

    /// <summary>a op ALL (array).</summary>
    All,

    /// <summary>a IN (list).</summary>
    In,
    Like,
    ILike,
    SimilarTo,
    Between,
    BetweenSymmetric,

    /// <summary>IS [NOT] DISTINCT FROM.</summary>
    DistinctFrom,

    /// <summary>NULLIF(a, b).</summary>
    NullIf,
}
