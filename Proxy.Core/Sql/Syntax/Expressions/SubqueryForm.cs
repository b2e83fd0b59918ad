namespace Proxy.Core.Sql.Syntax;

/// <summary>How a query is used as a value.</summary>
public enum SubqueryForm : byte
{
    /// <summary>Its only column of its only row.</summary>
    Scalar = 0,
    Exists,

    /// <summary>op ANY (…), IN (…).</summary>
    Any,
    All,

    /// <summary>ARRAY(…).</summary>
    Array,

    /// <summary>(a, b) = (…) and the right side of a multiple assignment.</summary>
    Row,
}
