using Microsoft.Win32.SafeHandles;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Replication;

/// <summary>
/// Reads the journal's files behind the pen, from any place on: whole published records of the segments of this run, and the rest of earlier ones as
/// it is, torn places included. Plain reads of the files, because the mappings belong to the keeper, who may unmap them at any time.
/// </summary>
internal sealed class SegmentFeed(string directory, SegmentChain chain, long firstOfRun) : IDisposable
{
    private const int ChunkBytes = 256 * 1024;

    private byte[] _buffer = new byte[ChunkBytes];
    private SafeFileHandle? _file;
    private uint _checksumSeed;
    private int _segmentBytes;
    private int _end;

    /// <summary>Number of the segment that is read; 0 before the first.</summary>
    public long Segment { get; private set; }

    /// <summary>What has been handed out of it; the length of the file when that is all there will be.</summary>
    public int Offset { get; private set; }

    public bool IsSegmentDone => Segment == 0 || Offset == _segmentBytes;

    /// <summary>Number of the last record of this run that has been handed out.</summary>
    public long LastRecord { get; private set; }

    /// <summary>Goes on from here; 0 is the beginning of the oldest segment there is.</summary>
    public void MoveTo(long segment, int offset, long lastRecord)
    {
        Close();
        LastRecord = Math.Max(LastRecord, lastRecord);
        if (segment == 0)
            return;
        Open(segment);
        Offset = offset;
    }

    /// <summary>The next bytes, if there are any yet.</summary>
    public bool TryNext(out SegmentChunk chunk)
    {
        chunk = default;
        while (true)
        {
            if (IsSegmentDone && !TryOpenNext())
                return false;
            int from = Offset;
            int count = Segment < firstOfRun ? TakeRest() : TakePublished();
            if (count > 0)
            {
                chunk = new SegmentChunk(Segment, from, _segmentBytes, _buffer.AsMemory(0, count));
                return true;
            }
            if (!IsSegmentDone)
                return false;
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        _file?.Dispose();
        _file = null;
        (Segment, Offset, _segmentBytes) = (0, 0, 0);
    }

    private bool TryOpenNext()
    {
        List<long> numbers = SegmentFileName.Numbers(directory);
        int index = numbers.FindIndex(number => number > Segment);
        if (index < 0)
            return false;
        if (Segment != 0 && numbers[index] != Segment + 1)
            throw new ReplicaProtocolException($"Segment {Segment + 1} is no longer in {directory}, and the replica has not had it.");
        // One that is prepared and has no record may yet be deleted: it begins with its first record.
        if (numbers[index] >= firstOfRun && !HasBegun(numbers[index]))
            return false;
        Open(numbers[index]);
        return true;
    }

    private bool HasBegun(long number)
    {
        if (chain.Current is { } current)
            return current.Number > number || (current.Number == number && current.NextOffset > SegmentHeader.Bytes);
        // The journal is being closed: those that were never needed are about to be deleted.
        Span<byte> length = stackalloc byte[sizeof(int)];
        using SafeFileHandle file = SegmentPrefix.Open(SegmentFileName.Of(directory, number));
        return RandomAccess.Read(file, length, SegmentHeader.Bytes) == length.Length && length.ContainsAnyExcept((byte)0);
    }

    private void Open(long number)
    {
        _file?.Dispose();
        string path = SegmentFileName.Of(directory, number);
        _file = SegmentPrefix.Open(path);
        byte[] page = new byte[SegmentHeader.Bytes];
        int read = RandomAccess.Read(_file, page, 0);
        SegmentHeader header = SegmentHeader.Read(page.AsSpan(0, read), path);
        (Segment, Offset, _segmentBytes, _checksumSeed) = (number, 0, header.SegmentBytes, header.ChecksumSeed);
        _end = number < firstOfRun ? EndOfWritten() : 0;
    }

    /// <summary>Of a segment that nobody writes to any more: all of it, up to the zeros at its end.</summary>
    private int TakeRest()
    {
        int count = Fill(Math.Min(_end, Offset + ChunkBytes));
        Offset = Offset + count >= _end ? _segmentBytes : Offset + count;
        return count;
    }

    private int TakePublished()
    {
        MappedSegment? current = chain.Current;
        bool isCurrent = current is not null && current.Number == Segment;
        int limit = isCurrent ? current!.NextOffset : _segmentBytes;
        if (isCurrent && limit == SegmentHeader.Bytes)
            return 0;
        int filled = Fill(Math.Min(limit, Offset + _buffer.Length));
        int headerBytes = Offset == 0 ? SegmentHeader.Bytes : 0;
        int taken = headerBytes;
        bool hasEnded = false;
        while (!hasEnded && TryTake(filled, ref taken, out hasEnded))
        {
        }
        if (taken == headerBytes && !hasEnded && LengthOfNext(filled, taken) is var needed && needed > _buffer.Length)
        {
            _buffer = new byte[needed];
            return TakePublished();
        }
        if (taken == SegmentHeader.Bytes && Offset == 0 && !hasEnded)
            return 0;
        // Too little left even for the mark of the end.
        hasEnded |= !isCurrent && Offset + taken + RecordHeader.Bytes > _segmentBytes;
        Offset = hasEnded ? _segmentBytes : Offset + taken;
        return taken;
    }

    /// <summary>What the buffer must hold for the next record; 0 while there is none.</summary>
    private int LengthOfNext(int filled, int taken) =>
        filled - taken < RecordHeader.Bytes || RecordHeader.Read(_buffer.AsSpan(taken)) is not { Length: > 0 } header || header.Length > _segmentBytes
            ? 0
            : taken + RecordHeader.Align(header.Length);

    /// <summary>Takes one record of what was read.</summary>
    private bool TryTake(int filled, ref int taken, out bool hasEnded)
    {
        hasEnded = false;
        if (filled - taken < RecordHeader.Bytes)
            return false;
        RecordHeader header = RecordHeader.Read(_buffer.AsSpan(taken));
        int length = RecordHeader.Align(header.Length);
        if (header.Length < RecordHeader.Bytes)
            return false;
        if (length > filled - taken)
            return false;
        // A read and a writer can overlap, so that the length is there and the body is not yet.
        ReadOnlySpan<byte> record = _buffer.AsSpan(taken, header.Length);
        if (RecordChecksum.Compute(_checksumSeed, record[RecordHeader.ChecksumFrom..]) != header.Checksum)
            return false;
        taken += length;
        hasEnded = header.Kind == RecordKind.EndOfSegment;
        if (!hasEnded)
            LastRecord = header.Number;
        return true;
    }

    /// <summary>Reads from the current place up to another; the late bytes of a header are left out.</summary>
    private int Fill(int to)
    {
        int wanted = Math.Min(to - Offset, _buffer.Length);
        int filled = 0;
        while (filled < wanted)
        {
            int read = RandomAccess.Read(_file!, _buffer.AsSpan(filled, wanted - filled), Offset + filled);
            if (read == 0)
                throw new ReplicaProtocolException($"Segment {Segment} in {directory} is shorter than it says.");
            filled += read;
        }
        if (Offset == 0 && filled >= SegmentPrefix.LateTo)
            _buffer.AsSpan(SegmentPrefix.LateFrom, SegmentPrefix.LateBytes).Clear();
        return filled;
    }

    private int EndOfWritten()
    {
        for (int to = _segmentBytes; to > 0; to -= ChunkBytes)
        {
            int from = Math.Max(0, to - ChunkBytes);
            int read = RandomAccess.Read(_file!, _buffer.AsSpan(0, to - from), from);
            int last = _buffer.AsSpan(0, read).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                return from + last + 1;
        }
        return 0;
    }
}
