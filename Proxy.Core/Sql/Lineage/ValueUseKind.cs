namespace Proxy.Core.Sql.Lineage;

/// <summary>What a literal or parameter is used for.</summary>
public enum ValueUseKind : byte
{
    /// <summary>Something that is neither of the others: inside an expression of a condition.</summary>
    Other = 0,

    /// <summary>Compared as a whole with the column's whole value.</summary>
    Compared,

    /// <summary>An array of values, each compared as a whole.</summary>
    ComparedEach,

    /// <summary>Stored into a new row.</summary>
    Inserted,

    /// <summary>Stored over what was there.</summary>
    Replacing,

    /// <summary>Stored where a key compares it with every value of the column; stored as it is, it has another use beside this one.</summary>
    Tried,
}
