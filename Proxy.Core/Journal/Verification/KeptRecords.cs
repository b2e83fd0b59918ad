using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Core.Journal.Verification;

/// <summary>Checks of every record that was kept when its segment was purged that it was in the journal that a head was signed for.</summary>
internal sealed class KeptRecords(IReadOnlyCollection<HeadVerificationKey> keys)
{
    private readonly HashSet<long> _numbers = [];

    /// <summary>How many different records hold.</summary>
    public int Count => _numbers.Count;

    /// <returns>What is wrong with it; null when it holds, or is none.</returns>
    /// <exception cref="JournalFormatException">The record is malformed.</exception>
    public string? See(in JournalEntry entry, Guid journalId)
    {
        if (entry.Kind != RecordKind.Kept || RecordDecoder.Decode(entry) is not DecodedKept kept)
            return null;
        if (kept.Proof is not { } proof || proof.Head.Head.JournalId != journalId || !keys.Any(proof.Verify))
            return $"record {entry.Number} says that it holds record {kept.Number}, of a segment that was purged, and the proof of that does not hold";
        _numbers.Add(kept.Number);
        return null;
    }
}
