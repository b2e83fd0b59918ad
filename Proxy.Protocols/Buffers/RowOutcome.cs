namespace Proxy.Protocols.Buffers;

/// <summary>What became of a row. Zero, nothing that may be sent: the session ends.</summary>
public enum RowOutcome : byte
{
    /// <summary>Lengths that do not add up, or another number of columns than the plan has.</summary>
    Malformed = 0,

    /// <summary>The masked row is at the start of the region.</summary>
    InPlace,

    /// <summary>The masked row is longer than the region: it is in the scratch buffer, and the region is spoilt.</summary>
    InScratch,
}
