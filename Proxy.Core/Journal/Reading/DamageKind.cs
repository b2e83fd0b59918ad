namespace Proxy.Core.Journal.Reading;

/// <summary>What is wrong with a place in a journal.</summary>
public enum DamageKind
{
    /// <summary>Reserved and never published.</summary>
    Unpublished = 0,

    /// <summary>Published, but its bytes do not give its checksum.</summary>
    Checksum,

    /// <summary>Published, with a length or number that cannot be.</summary>
    Header,

    /// <summary>Its writer failed and said so.</summary>
    Abandoned,

    /// <summary>Its sealed part does not open with the segment's key: it was changed on purpose, since its checksum is right.</summary>
    Seal,

    /// <summary>A file between two others is not there.</summary>
    SegmentMissing,

    /// <summary>The file is shorter than its header says, or than where its records end.</summary>
    SegmentTruncated,
}
