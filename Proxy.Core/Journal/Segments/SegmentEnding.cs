namespace Proxy.Core.Journal.Segments;

/// <summary>How a segment ended, as its header says. Values are part of the file format.</summary>
public enum SegmentEnding
{
    /// <summary>It has not: it is being written, or its process died.</summary>
    Open = 0,

    /// <summary>It was full, and every record in it is published.</summary>
    Full = 1,

    /// <summary>The journal was closed, and every record in it is published.</summary>
    Clean = 2,

    /// <summary>Its process died; the next owner found its end. Unpublished places in it are torn records.</summary>
    Recovered = 3,
}
