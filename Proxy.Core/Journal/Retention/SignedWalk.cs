using System.Security.Cryptography;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Retention;

/// <summary>
/// Goes along a journal from a segment on and compares it with every head: with its hash of the chain where the head says that it was, and with its size and
/// root where the tree is known from the beginning. What does not agree ends the walk.
/// </summary>
/// <param name="directory">Of the journal.</param>
/// <param name="documentation">Sees every record that is walked past; null when nothing is to be kept.</param>
internal sealed class SignedWalk(string directory, DocumentationCollector? documentation = null) : IDisposable
{
    private readonly HeadReader _heads = new(new HeadFile(directory).Path);
    private readonly SignedHead? _lastHead = new HeadFile(directory).ReadLast();
    private bool _knowsTree;
    private long _begunWith;
    private long _lastTaken;
    private long _entries;
    private long _compared;

    public EntryChain Chain { get; } = new();

    /// <summary>Begins where the journal does, or behind what was purged of it; false when what is said to be purged cannot be.</summary>
    public bool TryBegin(PurgedBeginning? purged)
    {
        if (purged is not null && !purged.TryRestore(Chain))
            return false;
        _knowsTree = true;
        _begunWith = Chain.Tree.Size;
        _heads.MoveBefore((purged?.Purge.LastSegment ?? 0) + 1);
        documentation?.Begin(Chain.Tree);
        return true;
    }

    /// <summary>Begins behind a segment whose key was erased: its header holds the hash that the chain goes on from. The tree is not known then.</summary>
    public void BeginWithErased(long number)
    {
        _heads.MoveBefore(number);
        Take(number);
    }

    /// <summary>The whole of a segment that has ended.</summary>
    /// <exception cref="JournalFormatException">It is not what was signed.</exception>
    public WalkedSegment Take(long number) => Take(number, untilHead: false);

    /// <summary>
    /// A head where a segment ends is chance: goes on in the segments behind this one until a head that covers all of it was compared. False when nobody has
    /// signed that far yet.
    /// </summary>
    /// <exception cref="JournalFormatException">It is not what was signed.</exception>
    public bool IsComparedBehind(WalkedSegment last, IEnumerable<long> segments)
    {
        foreach (long next in segments.Where(next => next > _lastTaken))
        {
            if (_compared >= last.EntriesWalked)
                return true;
            Take(next, untilHead: true);
        }
        if (_compared >= last.EntriesWalked)
            return true;
        if (_lastHead is { Head: { } head } && head.Segment > last.Number)
            throw NotAsSigned($"the journal ends before what was signed up to record {head.LastRecord}");
        return false;
    }

    public void Dispose() => _heads.Dispose();

    private WalkedSegment Take(long number, bool untilHead)
    {
        using SegmentScanner scanner = SegmentScanner.Open(SegmentFileName.Of(directory, number), isWriterDead: false);
        _lastTaken = number;
        byte[] page = scanner.Bytes(0, SegmentHeader.Bytes).ToArray();
        Chain.AddHeader(page);
        byte[] headerHash = Chain.Last.ToArray();
        Added(number, SegmentHeader.Bytes);
        DateTimeOffset newest = DateTimeOffset.MinValue;
        long before = _compared;
        while (!untilHead || _compared == before)
        {
            long start = scanner.Offset;
            JournalReadResult result = scanner.Read();
            if (result == JournalReadResult.End)
            {
                TakeEnd(scanner, number);
                break;
            }
            if (result == JournalReadResult.Record && scanner.Entry.Time > newest)
                newest = scanner.Entry.Time;
            ReadOnlySpan<byte> bytes = scanner.Bytes(start, scanner.Offset);
            if (result == JournalReadResult.Record && _knowsTree)
                documentation?.See(scanner.Entry, bytes, Chain);
            Chain.Add(bytes);
            Added(number, scanner.Offset);
        }
        SegmentHeader header = scanner.Header;
        return new WalkedSegment
        {
            Number = number,
            FirstRecord = header.FirstRecordNumber,
            LastRecord = header.NextRecordNumber - 1,
            Newest = newest,
            HeaderHash = headerHash,
            HeaderDigestWithoutKey = DigestWithoutKey(page, headerHash),
            EntriesWalked = _entries,
            Entries = Chain.Tree.Size,
            Chain = Chain.Last.ToArray(),
            Edge = Chain.Tree.Edge(),
        };
    }

    /// <summary>What follows the last record is known only when nothing can be written there any more.</summary>
    private void TakeEnd(SegmentScanner scanner, long number)
    {
        if (!scanner.IsAtEnd)
            return;
        long size = Chain.Tree.Size;
        Chain.AddTrailer(scanner.Trailer());
        if (Chain.Tree.Size > size)
            Added(number, scanner.Header.SegmentBytes);
        else
            Compare(number, scanner.Header.SegmentBytes);
    }

    private void Added(long segment, long offset)
    {
        _entries++;
        documentation?.Added(Chain.Last);
        Compare(segment, offset);
    }

    /// <summary>Heads are in the order of their places and of their sizes, so that one that is behind in either has been gone past, or has been reached.</summary>
    private void Compare(long segment, long offset)
    {
        while (_heads.Peek() is { } signed)
        {
            JournalHead head = signed.Head;
            int place = (head.Segment, head.Offset).CompareTo((segment, offset));
            if (place > 0 && !(_knowsTree && head.Size <= Chain.Tree.Size))
                return;
            _heads.Read();
            bool isComparable = _knowsTree && head.Size > _begunWith;
            if ((place == 0 && !Chain.Last.SequenceEqual(head.Chain)) || (isComparable && !IsTreeOf(head)))
                throw NotAsSigned(head);
            if (place == 0 || isComparable)
                _compared = _entries;
            if (isComparable)
                documentation?.Prove(signed, Chain.Tree);
        }
    }

    private bool IsTreeOf(JournalHead head) => head.Size == Chain.Tree.Size && Chain.Tree.Root().AsSpan().SequenceEqual(head.Root);

    private static JournalFormatException NotAsSigned(JournalHead head) => NotAsSigned($"the journal is not what was signed up to record {head.LastRecord}");

    private static JournalFormatException NotAsSigned(string what) => new($"Nothing is purged or erased: {what}. Run `phigate audit verify`.");

    private static byte[] DigestWithoutKey(Span<byte> page, ReadOnlySpan<byte> headerHash)
    {
        SegmentHeader.EraseKeyOf(page, headerHash);
        SegmentHeader.ClearLate(page);
        return SHA256.HashData(page);
    }
}
