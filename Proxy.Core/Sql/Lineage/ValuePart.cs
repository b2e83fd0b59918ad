namespace Proxy.Core.Sql.Lineage;

/// <summary>What of something a value shows, where a profile may show that though it shows not all.</summary>
public enum ValuePart : byte
{
    None = 0,

    /// <summary>The year of one date: a number, a text of four digits, or a first of January.</summary>
    Year,

    /// <summary>The first three characters of one ZIP code.</summary>
    ZipPrefix,

    /// <summary>The plan of a statement that reads PHI: no value, but how wide values are.</summary>
    Plan,
}
