namespace Proxy.Core.Masking;

/// <summary>What happens to the values of one column. Zero hides.</summary>
public enum MaskKind : byte
{
    /// <summary>A constant that is valid for the type; NULL where the type has none.</summary>
    Redact = 0,

    /// <summary>A keyed, stable token that is valid for the type. Equal values show as equal.</summary>
    Pseudonym,

    /// <summary>The server's bytes as they are.</summary>
    Show,

    /// <summary>Of a date, its year, as a first of January; years that tell an age over 89 are one. Other types are redacted.</summary>
    Year,

    /// <summary>Of a number, itself up to 89, and 90 above. Other types are redacted.</summary>
    Age,

    /// <summary>Of a ZIP code, its first three digits, or 000 where few people live. What is not a ZIP code is redacted.</summary>
    ZipPrefix,

    /// <summary>Of a year that was computed from a date, itself, or the year that stands for an age over 89. Other values are redacted.</summary>
    YearNumber,

    /// <summary>Of the first three digits of a ZIP code, themselves, or 000 where few people live. Other values are redacted.</summary>
    ZipArea,

    /// <summary>Of a plan, all but how wide values are.</summary>
    Plan,
}
