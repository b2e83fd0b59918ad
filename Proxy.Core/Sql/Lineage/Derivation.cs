namespace Proxy.Core.Sql.Lineage;

/// <summary>How a value comes from the columns that flow into it. The order is from what may hold anything to what holds nothing; zero is the safe one.</summary>
public enum Derivation : byte
{
    /// <summary>Nobody knows what flows into it.</summary>
    Opaque = 0,

    /// <summary>Computed from its sources.</summary>
    Expression,

    /// <summary>A source's value, whole and unchanged.</summary>
    Copy,

    /// <summary>No column flows into it as a value, though columns may have been counted.</summary>
    Constant,
}
