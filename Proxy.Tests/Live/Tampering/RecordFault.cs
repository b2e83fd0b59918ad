namespace Proxy.Tests.Live.Tampering;

/// <summary>What somebody in between does to a TLS record.</summary>
public enum RecordFault
{
    /// <summary>One bit is another.</summary>
    Flip,

    /// <summary>It does not arrive; those behind it do.</summary>
    Drop,

    /// <summary>It arrives twice.</summary>
    Replay,

    /// <summary>Half of it arrives, then the connection is closed.</summary>
    CutWithin,

    /// <summary>The connection is closed before it, without TLS's goodbye.</summary>
    CutBefore,
}
