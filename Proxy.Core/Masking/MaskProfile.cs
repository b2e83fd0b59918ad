namespace Proxy.Core.Masking;

/// <summary>How PHI is shown. Zero hides everything.</summary>
public enum MaskProfile : byte
{
    /// <summary>A constant, valid for the column's type.</summary>
    Redacted = 0,

    /// <summary>A keyed, stable token, valid for the column's type. Still PHI: equal values show as equal.</summary>
    Pseudonymous,

    /// <summary>As it is. Only a rule that says so by name gives this.</summary>
    Unmasked,
}
