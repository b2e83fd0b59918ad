using System.Runtime.CompilerServices;

namespace Proxy.Core.Journal.Segments;

/// <summary>
/// One segment under the pen. Any number of threads reserve and write; the keeper alone touches the header, confirms that everything reserved is
/// published, and only then unmaps. <see cref="Next"/> makes the segments a list: a thread that finds this one full moves on by itself.
/// </summary>
internal sealed class MappedSegment : IDisposable
{
    private const long ClosedBit = 1L << 63;
    private const int CountShift = 32;

    private readonly MappedMemory _memory;
    private readonly uint _checksumSeed;
    private readonly int _openingLimit;

    // closed (1 bit) | records reserved (31) | offset of the next record (32): number and place are taken by one compare-and-swap, so numbers are
    // dense and in order of place.
    private long _state = SegmentHeader.Bytes;
    private long _firstNumber;
    private MappedSegment? _next;
    private int _confirmed = SegmentHeader.Bytes;

    public MappedSegment(MappedMemory memory, in SegmentHeader header, string path)
    {
        _memory = memory;
        _checksumSeed = header.ChecksumSeed;
        Number = header.Number;
        Bytes = header.SegmentBytes;
        Path = path;
        // The last 1/64 takes no new statement unless a next segment stands by: on a full disk the outcomes of statements already forwarded still fit.
        _openingLimit = Bytes - Bytes / 64;
    }

    public long Number { get; }
    public int Bytes { get; }
    public string Path { get; }

    public MappedSegment? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    public int NextOffset => Offset(Volatile.Read(ref _state));

    public int Remaining => Bytes - NextOffset;

    /// <summary>The number that the next record would get here; 0 before the segment has begun.</summary>
    public long NextNumber => Volatile.Read(ref _firstNumber) + Count(Volatile.Read(ref _state));

    /// <summary>Says which number comes first, before the segment becomes current. Several threads may; they all say the same.</summary>
    public void Begin(long firstNumber) => Volatile.Write(ref _firstNumber, firstNumber);

    /// <summary>Takes the next number and place; false when there is no room or the segment is closed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReserve(int size, RecordKind kind, out int offset, out long number)
    {
        long state = Volatile.Read(ref _state);
        while (true)
        {
            offset = Offset(state);
            int end = offset + size;
            if (state < 0 || end > Bytes || (end > _openingLimit && !MayUseLastPart(kind)))
            {
                number = 0;
                return false;
            }
            long seen = Interlocked.CompareExchange(ref _state, state + (1L << CountShift) + size, state);
            if (seen == state)
            {
                number = _firstNumber + Count(state);
                return true;
            }
            state = seen;
        }
    }

    /// <summary>Writes and publishes a record in a place that was reserved for it.</summary>
    public void Write<TRecord>(int offset, int bodyBytes, long number, long ticks, ref TRecord record)
        where TRecord : IJournalRecord, allows ref struct
    {
        int length = RecordHeader.Bytes + bodyBytes;
        Span<byte> destination = _memory.Slice(offset, length);
        RecordHeader.Announce(destination, number, ticks, record.Kind);
        try
        {
            record.Write(destination[RecordHeader.Bytes..]);
        }
        catch
        {
            // The place is taken and readers would wait for it for ever: publish it as what it is.
            destination[RecordHeader.Bytes..].Clear();
            RecordHeader.Announce(destination, number, ticks, RecordKind.Abandoned);
            Publish(offset, destination);
            throw;
        }
        Publish(offset, destination);
    }

    /// <summary>Lets nobody reserve here any more. Idempotent; returns the number after the last record's.</summary>
    public long Close()
    {
        long state = Volatile.Read(ref _state);
        while (state >= 0)
        {
            long seen = Interlocked.CompareExchange(ref _state, state | ClosedBit, state);
            if (seen == state)
                WriteEndOfSegment(Offset(state), _firstNumber + Count(state));
            state = seen;
        }
        return _firstNumber + Count(state);
    }

    /// <summary>Whether everything that was reserved is published. Only the keeper asks, of a closed segment.</summary>
    public bool IsComplete()
    {
        int end = NextOffset;
        while (_confirmed < end)
        {
            if (!IsPublished(_confirmed, out int length))
                return false;
            _confirmed += RecordHeader.Align(length);
        }
        return end + RecordHeader.Bytes > Bytes || IsPublished(end, out _);
    }

    /// <summary>Takes the page faults of these bytes now; returns how many of them lie behind the end. Only the keeper calls this.</summary>
    public int FaultIn(int from, int length)
    {
        int here = Math.Min(length, Bytes - from);
        _memory.FaultIn(from, from + here);
        return length - here;
    }

    /// <summary>Writes the first number into the header, for readers.</summary>
    public void NoteBeginning() => Volatile.Write(ref _memory.Word(SegmentHeader.FirstNumberOffset), (ulong)_firstNumber);

    /// <summary>Writes the ending into the header and waits for the disk. The segment must be complete.</summary>
    public void Finish(SegmentEnding ending)
    {
        long state = Volatile.Read(ref _state);
        NoteBeginning();
        Span<byte> destination = _memory.Slice(SegmentHeader.EndingOffset, SegmentHeader.EndingBytes);
        SegmentHeader.WriteEnding(destination, ending, Offset(state), _firstNumber + Count(state));
        _memory.Flush();
    }

    public void Dispose() => _memory.Dispose();

    private static int Offset(long state) => (int)state;

    private static long Count(long state) => (state & ~ClosedBit) >> CountShift;

    private bool MayUseLastPart(RecordKind kind) =>
        Next is not null || kind is not (RecordKind.Intent or RecordKind.Execution or RecordKind.SessionOpened);

    private bool IsPublished(int offset, out int length)
    {
        length = RecordHeader.LengthOf(Volatile.Read(ref _memory.Word(offset)));
        return length != 0;
    }

    private void WriteEndOfSegment(int offset, long nextNumber)
    {
        // Too little left even for a header: readers know the end by that.
        if (offset + RecordHeader.Bytes > Bytes)
            return;
        Span<byte> rest = _memory.Slice(offset, RecordHeader.Bytes);
        RecordHeader.Announce(rest, nextNumber, 0, RecordKind.EndOfSegment);
        Publish(offset, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Publish(int offset, Span<byte> record)
    {
        uint checksum = RecordChecksum.Compute(_checksumSeed, record[RecordHeader.ChecksumFrom..]);
        Volatile.Write(ref _memory.Word(offset), RecordHeader.PublishingWord(record.Length, checksum));
    }
}
