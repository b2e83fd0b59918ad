using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Core.Journal.Verification;

/// <summary>
/// Checks of every record that was kept when its segment was purged that it was in the journal that a head was signed for, and that this head is one of the
/// journal's: heads are never purged, and whoever holds the key can sign a tree that never was.
/// </summary>
internal sealed class KeptRecords(IReadOnlyCollection<HeadVerificationKey> keys)
{
    private readonly List<(long Segment, long Offset, long Number, long KeptNumber, string Head)> _proven = [];
    private readonly HashSet<long> _numbers = [];

    /// <summary>How many different records hold; after <see cref="Check"/>.</summary>
    public int Count => _numbers.Count;

    /// <returns>What is wrong with it in itself; null when its proof holds, or it is none.</returns>
    /// <exception cref="JournalFormatException">The record is malformed.</exception>
    public string? See(in JournalEntry entry, Guid journalId)
    {
        if (entry.Kind != RecordKind.Kept || RecordDecoder.Decode(entry) is not DecodedKept kept)
            return null;
        if (kept.Proof is not { } proof || proof.Head.Head.JournalId != journalId || !keys.Any(proof.Verify))
            return $"record {entry.Number} says that it holds record {kept.Number}, of a segment that was purged, and the proof of that does not hold";
        string digest = Convert.ToHexString(proof.Head.Digest);
        _proven.Add((entry.Segment, entry.Offset, entry.Number, kept.Number, digest));
        return null;
    }

    /// <param name="heads">All of them checked.</param>
    /// <param name="find">Told what is wrong: segment, offset, what.</param>
    public void Check(HeadCheck heads, Action<long, long, string> find)
    {
        HashSet<string> accepted = heads.Accepted(_proven.Select(static kept => kept.Head).ToHashSet());
        foreach ((long segment, long offset, long number, long keptNumber, string head) in _proven)
        {
            if (accepted.Contains(head))
                _numbers.Add(keptNumber);
            else
                find(segment, offset, $"record {number} says that it holds record {keptNumber}, of a segment that was purged, under a head that journal.heads has not");
        }
    }
}
