using System.Buffers;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Core.Journal.Retention;

/// <summary>
/// Picks the records of documentation out of what a walk goes past, each with the proof that it is in the journal that the next head was signed for. Holds the
/// leaves since the head before, and what it picked.
/// </summary>
/// <param name="since">What is older is not kept.</param>
internal sealed class DocumentationCollector(DateTimeOffset since)
{
    private readonly ArrayBufferWriter<byte> _leaves = new();
    private readonly List<(int At, DocumentationEntry Entry)> _unproven = [];
    private readonly List<DocumentationEntry> _entries = [];
    private readonly HashSet<long> _keptBefore = [];
    private long _known;
    private byte[] _edge = [];

    /// <summary>In their order; those behind the last head have no proof yet.</summary>
    public IReadOnlyList<DocumentationEntry> Entries => _entries;

    /// <summary>What comes next is the next leaf of this tree.</summary>
    public void Begin(MerkleTree tree)
    {
        _known = tree.Size;
        _edge = tree.Edge();
        _leaves.ResetWrittenCount();
    }

    /// <param name="entry">The next record.</param>
    /// <param name="record">Its bytes with their padding.</param>
    /// <param name="chain">Up to the entry before.</param>
    public void See(in JournalEntry entry, ReadOnlySpan<byte> record, EntryChain chain)
    {
        if (entry.Kind == RecordKind.Kept)
        {
            // A purge that was interrupted leaves two of one.
            if (RecordDecoder.Decode(entry) is DecodedKept kept && kept.Time >= since && _keptBefore.Add(kept.Number))
                _entries.Add(new DocumentationEntry(entry.Segment, record.ToArray(), IsKept: true, kept.Index, kept.Before, kept.Path, Head: null));
        }
        else if (RetentionClasses.IsDocumentation(entry.Kind) && entry.Time >= since)
        {
            var found = new DocumentationEntry(entry.Segment, record.ToArray(), IsKept: false, chain.Tree.Size, chain.Last.ToArray(), [], Head: null);
            _unproven.Add((_entries.Count, found));
            _entries.Add(found);
        }
    }

    public void Added(ReadOnlySpan<byte> leaf) => _leaves.Write(leaf);

    /// <summary>The tree is the one of this head.</summary>
    public void Prove(SignedHead head, MerkleTree tree)
    {
        foreach ((int at, DocumentationEntry found) in _unproven)
            _entries[at] = found with { Path = MerkleProof.Inclusion(found.Index, _known, _edge, _leaves.WrittenMemory), Head = head };
        _unproven.Clear();
        Begin(tree);
    }
}
