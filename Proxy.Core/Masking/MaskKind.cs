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
}
