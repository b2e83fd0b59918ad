namespace Proxy.Tests.Live.Refusals;

/// <summary>What makes the gateway refuse, besides the message itself.</summary>
public enum RefusedCause
{
    /// <summary>The message as such.</summary>
    Message,
    JournalFull,
    CatalogueStale,

    /// <summary>A new policy that refuses everything.</summary>
    PolicyChanged,
}
