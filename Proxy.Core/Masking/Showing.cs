namespace Proxy.Core.Masking;

/// <summary>How a column is shown, before policy says which mask. Zero shows nothing.</summary>
internal enum Showing : byte
{
    /// <summary>Every value is NULL: that it is NULL, or how long it is, would tell something.</summary>
    Nothing = 0,

    /// <summary>A constant; NULL stays NULL.</summary>
    Redacted,

    /// <summary>By the profile's mask for its identifier.</summary>
    Masked,

    /// <summary>A part of the identifier, if the profile shows that; else redacted.</summary>
    Part,

    /// <summary>The text of a plan.</summary>
    Plan,
    AsItIs,
}
