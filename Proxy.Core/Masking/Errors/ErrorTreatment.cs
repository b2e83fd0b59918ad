namespace Proxy.Core.Masking.Errors;

/// <summary>What happens to an error or notice of the server. Zero takes every value away.</summary>
public enum ErrorTreatment : byte
{
    /// <summary>
    /// Severity, SQLSTATE, position and the object names that <see cref="ErrorScrubber.IsKnownName"/> accepts stay; the message becomes
    /// <see cref="GenericMessages.For"/>; detail, hint, internal query and position, where, file, line and routine go.
    /// </summary>
    Scrub = 0,

    /// <summary>Not one byte changes.</summary>
    Verbatim,
}
