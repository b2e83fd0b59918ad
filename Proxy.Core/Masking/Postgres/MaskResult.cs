namespace Proxy.Core.Masking.Postgres;

/// <summary>How making a token ended. Zero, not a value of its type: the caller redacts.</summary>
internal enum MaskResult : byte
{
    Invalid = 0,
    Written,

    /// <summary>Nothing was written; try again with more room.</summary>
    TooSmall,
}
