using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Retention;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// Brings the chain of a journal that is being opened up to its end: from the last head over everything that came after it, torn places included.
/// The journal has been recovered before, so that every segment has ended. What does not fit the last head is not chained over: that would make
/// a change look genuine.
/// </summary>
internal sealed class ChainResumption(string directory, HeadFile heads, IHeadSigner signer)
{
    private const string Advice = "Run `phigate audit verify` on it; then move the directory aside, keep it, and begin a new journal.";

    private readonly EntryChain _chain = new();
    private long _lastRecord;
    private long _segment;
    private long _offset;

    /// <returns>The chain, and its state, which may be ahead of the last head.</returns>
    /// <exception cref="JournalFormatException">The journal is not what its last head says.</exception>
    /// <exception cref="Sealing.JournalKeyException">It was signed with another key.</exception>
    public (EntryChain Chain, TreeState State, SignedHead? LastHead) Run(CancellationToken cancellation)
    {
        List<long> segments = SegmentFileName.Numbers(directory);
        SignedHead? lastSigned = ReadLastHead(segments.Count > 0);
        JournalHead? last = lastSigned?.Head;
        if (last is not null && last.Size > 0 && !heads.TryRestore(last, _chain))
            Rebuild(last, segments, cancellation);
        if (last is not null)
            (_lastRecord, _segment, _offset) = (last.LastRecord, last.Segment, last.Offset);
        foreach (long number in segments)
        {
            cancellation.ThrowIfCancellationRequested();
            if (number >= _segment)
                Take(number, sizeMax: long.MaxValue);
        }
        if (_segment > (segments.Count == 0 ? 0 : segments[^1]))
            throw Changed($"segment {_segment}, which its last head covers, is missing");
        return (_chain, TreeState.Of(_chain, _lastRecord, _segment, _offset), lastSigned);
    }

    private SignedHead? ReadLastHead(bool hasSegments)
    {
        if (!heads.Exists)
            return hasSegments ? throw Changed("its heads are missing") : null;
        if (heads.ReadLast(out long torn) is not { } last)
        {
            // Without segments, the process that began the journal died in its first head.
            if (hasSegments || torn > HeadFile.LastBytes)
                throw Changed("its heads are missing");
            heads.CutTorn(torn);
            return null;
        }
        if (torn > 0)
            heads.CutTorn(torn);
        if (!hasSegments && last.Head.Size == 0)
        {
            // The process that began the journal died before it had a segment.
            File.Delete(heads.Path);
            return null;
        }
        if (last.KeyId != signer.PublicKey.Id)
        {
            throw new Sealing.JournalKeyException(
                $"The journal in {directory} is signed with the key {last.KeyId}, not with {signer.PublicKey.Id}. Give it that key, or begin a new journal.");
        }
        return signer.PublicKey.Verify(last) ? last : throw Changed("its last head does not bear the signature of its key");
    }

    /// <summary>Reads the journal from its beginning to the place of the head, which it must agree with.</summary>
    private void Rebuild(JournalHead head, List<long> segments, CancellationToken cancellation)
    {
        PurgedBeginning? purged = PurgedBeginning.Find(directory, segments);
        if (purged is not null && (!purged.TryRestore(_chain) || purged.Purge.Entries > head.Size))
            throw Changed("what it says was purged cannot be");
        foreach (long number in segments)
        {
            cancellation.ThrowIfCancellationRequested();
            if (number <= head.Segment && number > (purged?.Purge.LastSegment ?? 0))
                Take(number, head.Size);
        }
        if (_chain.Tree.Size != head.Size || !_chain.Tree.Root().AsSpan().SequenceEqual(head.Root))
            throw Changed("what it holds is not what its last head says");
    }

    private void Take(long number, long sizeMax)
    {
        if (_segment != 0 && number > _segment + 1)
            throw Changed($"segment {_segment + 1} is missing");
        using SegmentScanner scanner = SegmentScanner.Open(SegmentFileName.Of(directory, number), isWriterDead: true);
        if (scanner.Header.Chaining == 0)
            throw Changed($"segment {number} is not chained");
        long from = number == _segment ? _offset : 0;
        if (from >= scanner.Header.SegmentBytes || _chain.Tree.Size >= sizeMax)
            return;
        if (from == 0)
            _chain.AddHeader(scanner.Bytes(0, SegmentHeader.Bytes));
        else
            scanner.SkipTo(from);
        while (_chain.Tree.Size < sizeMax)
        {
            long start = scanner.Offset;
            JournalReadResult result = scanner.Read();
            if (result == JournalReadResult.End)
            {
                _chain.AddTrailer(scanner.Trailer());
                (_segment, _offset) = (number, scanner.Header.SegmentBytes);
                return;
            }
            _chain.Add(scanner.Bytes(start, scanner.Offset));
            if (result == JournalReadResult.Record)
                _lastRecord = scanner.Entry.Number;
        }
        (_segment, _offset) = (number, scanner.Offset);
    }

    private JournalFormatException Changed(string what) => new($"The journal in {directory} is not as it was left: {what}. {Advice}");
}
