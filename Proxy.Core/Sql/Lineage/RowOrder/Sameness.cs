namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>
/// Whether equal values look the same, and whether numbers add up to the same in any order. Where not, what is left of equal values, or a sum, says in which
/// order they came. Zero is what nobody knows.
/// </summary>
internal enum Sameness : byte
{
    /// <summary>Equal values can look different: an interval of a month and one of thirty days, texts under a collation that ignores case.</summary>
    None = 0,

    /// <summary>Sums are rounded on the way, and zero has a sign.</summary>
    Float,

    /// <summary>Sums are exact, and 1.0 is equal to 1.00.</summary>
    Number,

    /// <summary>NULL.</summary>
    Null,

    /// <summary>A literal or parameter: one value, of whatever type stands beside it.</summary>
    Said,
    Integer,

    /// <summary>A number with as many digits as its column declares, or as follows from that.</summary>
    Decimal,
    Text,

    /// <summary>Any other type of which each value is written in one way.</summary>
    Other,
}
