using System.Buffers;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Retention;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Verification;

/// <summary>
/// That one record is in the journal that a head was signed for (RFC 9162 §2.1.3): whoever has the record's bytes, the hash of the entry before and
/// the path can compute the root of the head, without the rest of the journal.
/// </summary>
/// <param name="Index">Of the entry, from 0.</param>
/// <param name="Before">Hash of the entry before.</param>
/// <param name="Entry">The record's bytes with their padding, as they are in the segment: what is sealed in them stays sealed.</param>
/// <param name="LeafHash">Hash of the entry (docs/journal-format.md).</param>
/// <param name="Path">The hashes beside the way to the root, the lowest first.</param>
/// <param name="Head">The first head that covers the record.</param>
public sealed record RecordProof(long Index, byte[] Before, byte[] Entry, byte[] LeafHash, byte[][] Path, SignedHead Head)
{
    /// <summary>
    /// Reads the journal up to the first head that covers the record; null when no head does, or the record is not there. Of one that was kept when its segment
    /// was purged, it is the proof that was kept with it.
    /// </summary>
    public static RecordProof? Find(string directory, long record, CancellationToken cancellation)
    {
        if (record < JournalReader.FirstRecordOf(directory))
            return FindKept(directory, record, cancellation);
        return FirstHeadOver(directory, record, cancellation) is { } head ? new Search(directory, record, head).Run(cancellation) : null;
    }

    private static SignedHead? FirstHeadOver(string directory, long record, CancellationToken cancellation)
    {
        using var heads = new HeadReader(new HeadFile(directory).Path);
        while (heads.Read() is { } signed)
        {
            cancellation.ThrowIfCancellationRequested();
            if (signed.Head.LastRecord >= record)
                return signed;
        }
        return null;
    }

    private static RecordProof? FindKept(string directory, long record, CancellationToken cancellation)
    {
        using var reader = new JournalReader(directory);
        RecordProof? found = null;
        while (reader.Read() is var step and not JournalReadResult.End)
        {
            cancellation.ThrowIfCancellationRequested();
            if (step is JournalReadResult.Record && reader.Entry.Kind == RecordKind.Kept && RecordDecoder.Decode(reader.Entry) is DecodedKept kept && kept.Number == record)
                found = kept.Proof;
        }
        return found;
    }

    /// <summary>What <see cref="LeafHash"/> is the SHA-256 of, for whoever computes it by other means (docs/journal-format.md).</summary>
    public string Formula => Entry.Length <= PieceDigests.PieceBytes ? "00 ‖ hash before ‖ record bytes" : "02 ‖ hash before ‖ SHA-256 of each 2,048 of the record bytes";

    public bool Verify(HeadVerificationKey key) =>
        key.Verify(Head) && MerkleProof.VerifyInclusion(LeafHash, Index, Head.Head.Size, Path, Head.Head.Root);

    private sealed class Search(string directory, long record, SignedHead head)
    {
        private readonly EntryChain _chain = new();
        private readonly ArrayBufferWriter<byte> _leaves = new();
        private long _known;
        private byte[] _edge = [];
        private long _index = -1;
        private byte[] _before = [];
        private byte[] _entry = [];

        public RecordProof? Run(CancellationToken cancellation)
        {
            List<long> segments = SegmentFileName.Numbers(directory);
            PurgedBeginning? purged = PurgedBeginning.Find(directory, segments);
            if (purged is not null && !purged.TryRestore(_chain))
                return null;
            (_known, _edge) = (_chain.Tree.Size, _chain.Tree.Edge());
            foreach (long number in segments)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_chain.Tree.Size < head.Head.Size && number > (purged?.Purge.LastSegment ?? 0))
                    Take(number);
            }
            if (_index < 0 || _chain.Tree.Size != head.Head.Size)
                return null;
            byte[] leaves = _leaves.WrittenSpan.ToArray();
            byte[] leaf = leaves.AsSpan((int)(_index - _known) * MerkleTree.HashBytes, MerkleTree.HashBytes).ToArray();
            return new RecordProof(_index, _before, _entry, leaf, MerkleProof.Inclusion(_index, _known, _edge, leaves), head);
        }

        private void Take(long number)
        {
            using SegmentScanner scanner = SegmentScanner.Open(SegmentFileName.Of(directory, number), isWriterDead: false);
            _chain.AddHeader(scanner.Bytes(0, SegmentHeader.Bytes));
            Added();
            while (_chain.Tree.Size < head.Head.Size)
            {
                long start = scanner.Offset;
                JournalReadResult result = scanner.Read();
                if (result == JournalReadResult.End)
                {
                    long before = _chain.Tree.Size;
                    _chain.AddTrailer(scanner.Trailer());
                    if (_chain.Tree.Size > before)
                        Added();
                    return;
                }
                if (result == JournalReadResult.Record && scanner.Entry.Number == record)
                {
                    _index = _chain.Tree.Size;
                    _before = _chain.Last.ToArray();
                    _entry = scanner.Bytes(start, scanner.Offset).ToArray();
                }
                _chain.Add(scanner.Bytes(start, scanner.Offset));
                Added();
            }
        }

        private void Added() => _leaves.Write(_chain.Last);
    }
}
