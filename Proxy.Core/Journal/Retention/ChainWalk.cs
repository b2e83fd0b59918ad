using System.Security.Cryptography;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Retention;

/// <summary>Goes along the chain from a segment on and compares it with every head where that says it was. The tree is not needed for that.</summary>
internal sealed class ChainWalk
{
    private readonly string _directory;
    private readonly ILookup<(long Segment, long Offset), JournalHead> _heads;
    private long _lastTaken;
    private long _comparedIn;

    public ChainWalk(string directory)
    {
        _directory = directory;
        _heads = new HeadFile(directory).Read(out _).Select(signed => signed.Head).ToLookup(head => (head.Segment, head.Offset));
    }

    public EntryChain Chain { get; } = new();

    /// <exception cref="JournalFormatException">It is not what was signed.</exception>
    public WalkedSegment Take(long number) => Take(number, untilHead: false);

    /// <summary>
    /// A head where a segment ends is chance: goes on in the segments behind this one until a head in one of them was compared. False when there is none yet.
    /// </summary>
    public bool IsComparedBehind(long number, IEnumerable<long> segments)
    {
        foreach (long next in segments.Where(next => next > _lastTaken))
        {
            if (_comparedIn > number)
                return true;
            Take(next, untilHead: true);
        }
        return _comparedIn > number;
    }

    private WalkedSegment Take(long number, bool untilHead)
    {
        using SegmentScanner scanner = SegmentScanner.Open(SegmentFileName.Of(_directory, number), isWriterDead: false);
        _lastTaken = number;
        byte[] page = scanner.Bytes(0, SegmentHeader.Bytes).ToArray();
        Chain.AddHeader(page);
        byte[] headerHash = Chain.Last.ToArray();
        DateTimeOffset newest = DateTimeOffset.MinValue;
        while (true)
        {
            long start = scanner.Offset;
            JournalReadResult result = scanner.Read();
            if (result == JournalReadResult.End)
                break;
            if (result == JournalReadResult.Record && scanner.Entry.Time > newest)
                newest = scanner.Entry.Time;
            Chain.Add(scanner.Bytes(start, scanner.Offset));
            Compare(number, scanner.Offset);
            if (untilHead && _comparedIn == number)
                break;
        }
        // What follows the last record is known only when nothing can be written there any more.
        if (scanner.IsAtEnd && !(untilHead && _comparedIn == number))
        {
            Chain.AddTrailer(scanner.Trailer());
            Compare(number, scanner.Header.SegmentBytes);
        }
        SegmentHeader header = scanner.Header;
        return new WalkedSegment(
            number, header.FirstRecordNumber, header.NextRecordNumber - 1, newest, headerHash, DigestWithoutKey(page, headerHash));
    }

    private void Compare(long segment, long offset)
    {
        foreach (JournalHead head in _heads[(segment, offset)])
        {
            if (!Chain.Last.SequenceEqual(head.Chain))
                throw new JournalFormatException($"Nothing is erased: the journal is not what was signed up to record {head.LastRecord}. Run `phigate audit verify`.");
            _comparedIn = segment;
        }
    }

    private static byte[] DigestWithoutKey(Span<byte> page, ReadOnlySpan<byte> headerHash)
    {
        SegmentHeader.EraseKeyOf(page, headerHash);
        SegmentHeader.ClearLate(page);
        return SHA256.HashData(page);
    }
}
