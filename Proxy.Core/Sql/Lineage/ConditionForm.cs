namespace Proxy.Core.Sql.Lineage;

/// <summary>How a column decides which rows there are, or in which order. Zero is every form without a name.</summary>
public enum ConditionForm : byte
{
    Other = 0,

    /// <summary>A whole value compared with a literal, a parameter, or a column of the same identifier: =, &lt;&gt;, IN, = ANY.</summary>
    Equality,

    /// <summary>IS NULL.</summary>
    NullTest,

    /// <summary>ORDER BY a whole column, of the statement's own answer.</summary>
    Ordering,

    /// <summary>GROUP BY, DISTINCT or UNION of a whole column.</summary>
    Grouping,
}
