using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Proxy.Core.Journal.Sealing;

namespace Proxy.Core.Journal.Segments;

/// <summary>
/// One segment under the pen. Any number of threads reserve and write; the keeper alone touches the header, confirms that everything reserved is
/// published, and only then unmaps. <see cref="Next"/> makes the segments a list: a thread that finds this one full moves on by itself.
/// </summary>
internal sealed class MappedSegment : IDisposable
{
    private const long ClosedBit = 1L << 63;
    private const int CountShift = 32;
    private const int ScratchBytes = 64 * 1024;

    [ThreadStatic]
    private static byte[]? _scratch;

    private readonly MappedMemory _memory;
    private readonly uint _checksumSeed;
    private readonly int _openingLimit;
    private readonly SegmentSealer? _sealer;

    // closed (1 bit) | records reserved (31) | offset of the next record (32): number and place are taken by one compare-and-swap, so numbers are
    // dense and in order of place.
    private long _state = SegmentHeader.Bytes;
    private long _firstNumber;
    private MappedSegment? _next;
    private int _confirmed = SegmentHeader.Bytes;
    private bool _isTaken;

    public MappedSegment(MappedMemory memory, in SegmentHeader header, string path, SegmentSealer? sealer)
    {
        _sealer = sealer;
        // Without a chain there is nobody to wait for.
        _isTaken = header.Chaining == 0;
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

    /// <summary>All of it is in the chain: it may be unmapped. Set by the notary, which flushes before it says so.</summary>
    public bool IsTaken
    {
        get => Volatile.Read(ref _isTaken);
        set => Volatile.Write(ref _isTaken, value);
    }

    /// <summary>What sealing adds to a record.</summary>
    public int SealBytes => _sealer is null ? 0 : SegmentSealer.OverheadBytes;

    /// <summary>The header page, for the notary.</summary>
    public ReadOnlySpan<byte> Header => _memory.Slice(0, SegmentHeader.Bytes);

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
    public void Write<TRecord>(int offset, int bodyBytes, int sealedBytes, long number, long ticks, ref TRecord record)
        where TRecord : IJournalRecord, allows ref struct
    {
        bool isSealed = _sealer is not null && sealedBytes > 0;
        int length = RecordHeader.Bytes + bodyBytes + (isSealed ? SegmentSealer.OverheadBytes : 0);
        Span<byte> destination = _memory.Slice(offset, length);
        RecordHeader.Announce(destination, number, ticks, record.Kind, isSealed ? RecordHeader.IsSealedFlag : (byte)0);
        try
        {
            if (isSealed)
                WriteSealed(destination, bodyBytes - sealedBytes, sealedBytes, number, ref record);
            else
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

    /// <summary>
    /// The body is written aside first: what is in the mapping may be on the disk at any moment, and must never be there in plain.
    /// </summary>
    private void WriteSealed<TRecord>(Span<byte> destination, int readableBytes, int sealedBytes, long number, ref TRecord record)
        where TRecord : IJournalRecord, allows ref struct
    {
        int bodyBytes = readableBytes + sealedBytes;
        byte[]? rented = null;
        Span<byte> plain = bodyBytes <= ScratchBytes ? (_scratch ??= new byte[ScratchBytes]) : (rented = ArrayPool<byte>.Shared.Rent(bodyBytes));
        plain = plain[..bodyBytes];
        try
        {
            record.Write(plain);
            plain[..readableBytes].CopyTo(destination[RecordHeader.Bytes..]);
            BinaryPrimitives.WriteInt32LittleEndian(destination[^sizeof(int)..], sealedBytes);
            SealedBody.TryRead(destination, out SealedBody body);
            int cipher = RecordHeader.Bytes + readableBytes;
            _sealer!.Seal(
                number, body.Associated, plain[readableBytes..], destination.Slice(cipher, sealedBytes),
                destination.Slice(cipher + sealedBytes, SegmentSealer.TagBytes));
        }
        finally
        {
            plain.Clear();
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The published record at this place with its padding; false when there is none yet. Only the notary asks.</summary>
    public bool TryRead(int offset, out ReadOnlySpan<byte> record)
    {
        record = default;
        if (offset >= NextOffset || !IsPublished(offset, out int length))
            return false;
        record = _memory.Slice(offset, RecordHeader.Align(length));
        return true;
    }

    /// <summary>Whether the last record ends here and none will follow.</summary>
    public bool HasEndedAt(int offset)
    {
        long state = Volatile.Read(ref _state);
        return state < 0 && Offset(state) == offset && (offset + RecordHeader.Bytes > Bytes || IsPublished(offset, out _));
    }

    public ReadOnlySpan<byte> Rest(int offset) => _memory.Slice(offset, Bytes - offset);

    /// <summary>Waits until what is published is on the disk.</summary>
    public void Flush() => _memory.Flush();

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

    public void Dispose()
    {
        _memory.Dispose();
        _sealer?.Dispose();
    }

    private static int Offset(long state) => (int)state;

    private static long Count(long state) => (state & ~ClosedBit) >> CountShift;

    /// <summary>Statements are refused, and what retention writes is tried again when there is room: nothing is lost.</summary>
    private bool MayUseLastPart(RecordKind kind) =>
        Next is not null
        || kind is not (RecordKind.Intent or RecordKind.Execution or RecordKind.SessionOpened or RecordKind.Kept or RecordKind.Purged or RecordKind.ContentErased);

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
