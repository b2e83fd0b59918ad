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

    /// <summary>
    /// What 45 CFR 164.514(b)(2) lets stay: the year of a date, ages up to 89, three digits of a ZIP code. The rest is redacted.
    /// </summary>
    SafeHarbor,

    /// <summary>What a limited data set (45 CFR 164.514(e)) may hold: dates, ages, city, state and ZIP code. The rest is redacted. Still PHI.</summary>
    LimitedDataSet,
}
