using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Verification;

/// <summary>Checks signatures and order of a journal's heads, and of those that anchors kept, before the journal itself is looked at.</summary>
internal sealed class HeadCheck(IReadOnlyCollection<HeadVerificationKey> keys, List<VerificationFinding> findings)
{
    /// <summary>The heads that can be trusted, by size.</summary>
    public List<Checkpoint> Run(string directory, IReadOnlyList<SignedHead> anchored, out Guid journalId, out long count)
    {
        var file = new HeadFile(directory);
        IReadOnlyList<SignedHead> heads = [];
        if (!file.Exists)
            findings.Add(VerificationFinding.At(0, 0, "journal.heads is missing: nothing says what the journal was"));
        else
            heads = file.Read(out int rest) is var read && rest == 0 ? read : Torn(read, rest);
        journalId = heads.Count > 0 ? heads[0].Head.JournalId : anchored.Count > 0 ? anchored[0].Head.JournalId : Guid.Empty;
        count = heads.Count;
        var checkpoints = new List<Checkpoint>();
        CheckFiled(heads, checkpoints);
        foreach (SignedHead anchor in anchored)
        {
            if (!IsSigned(anchor))
                findings.Add(VerificationFinding.At(0, 0, $"an anchored head of {anchor.Head.Size} entries does not bear the signature of a key that was given"));
            else if (anchor.Head.JournalId != journalId)
                findings.Add(VerificationFinding.At(0, 0, $"an anchored head is of another journal, {anchor.Head.JournalId}"));
            else
                checkpoints.Add(new Checkpoint(anchor.Head, IsAnchor: true));
        }
        checkpoints.Sort(static (left, right) => left.Head.Size.CompareTo(right.Head.Size));
        return checkpoints;
    }

    private IReadOnlyList<SignedHead> Torn(IReadOnlyList<SignedHead> heads, int rest)
    {
        findings.Add(VerificationFinding.At(0, 0, $"behind head {heads.Count}, the last {rest} bytes of journal.heads are no heads as they are written"));
        return heads;
    }

    private void CheckFiled(IReadOnlyList<SignedHead> heads, List<Checkpoint> checkpoints)
    {
        byte[] previous = new byte[MerkleTree.HashBytes];
        long size = -1;
        for (int i = 0; i < heads.Count; i++)
        {
            JournalHead head = heads[i].Head;
            string? wrong = !IsSigned(heads[i]) ? $"does not bear the signature of a key that was given (it names the key {heads[i].KeyId})"
                : head.JournalId != heads[0].Head.JournalId ? "is of another journal"
                : !head.Previous.AsSpan().SequenceEqual(previous) ? "does not follow the head before it: heads are missing, or were put in"
                : head.Size < size ? "covers less than the head before it"
                : null;
            if (wrong is null)
                checkpoints.Add(new Checkpoint(head, IsAnchor: false));
            else
                findings.Add(VerificationFinding.At(head.Segment, head.Offset, $"head {i + 1} of journal.heads, which covers {head.Size} entries, {wrong}"));
            previous = heads[i].Digest;
            size = head.Size;
        }
    }

    private bool IsSigned(SignedHead head) => keys.Any(key => key.Verify(head));
}
