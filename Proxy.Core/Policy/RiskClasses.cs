namespace Proxy.Core.Policy;

/// <summary>What a statement may do. A statement can have several. None is not a licence: a statement always has at least one.</summary>
[Flags]
public enum RiskClasses
{
    None = 0,
    Unknown = 1 << 0,
    Read = 1 << 1,
    PhiRead = 1 << 2,
    BulkRead = 1 << 3,
    Write = 1 << 4,
    BulkWrite = 1 << 5,
    MaskedWrite = 1 << 6,
    Schema = 1 << 7,
    Privilege = 1 << 8,
    Export = 1 << 9,
    Inference = 1 << 10,
    Procedure = 1 << 11,
    Session = 1 << 12,
    Administrative = 1 << 13,

    /// <summary>Whole PHI values are compared with literals, parameters or the same identifier elsewhere. Every other condition is <see cref="Inference"/>.</summary>
    PhiEquality = 1 << 14,

    /// <summary>The answer is ordered by a whole PHI column: no more than its mask tells only where masks are deterministic.</summary>
    PhiOrdering = 1 << 15,

    /// <summary>Rows are grouped by a whole PHI column, or made distinct: no more than its mask tells only where masks are deterministic.</summary>
    PhiGrouping = 1 << 16,
}
