using Microsoft.Win32.SafeHandles;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Reading;

/// <summary>
/// Reads one segment file in order. In a segment that has not ended, the first unpublished place is where reading stops: its writer may be at work.
/// In one that has (or when told that its writer is dead), it is a torn record, and the scanner looks for the next whole one behind it.
/// </summary>
internal sealed class SegmentScanner : IDisposable
{
    private const int SkipBytes = 64 * 1024;

    private readonly SafeFileHandle _file;
    private readonly SegmentWindow _window;
    private readonly bool _isWriterDead;
    private long _offset = SegmentHeader.Bytes;
    private byte[] _plain = [];

    private SegmentScanner(SafeFileHandle file, SegmentWindow window, SegmentHeader header, bool isWriterDead)
    {
        _file = file;
        _window = window;
        _isWriterDead = isWriterDead;
        Header = header;
    }

    public SegmentHeader Header { get; private set; }
    public JournalEntry Entry { get; private set; }
    public JournalDamage Damage { get; private set; }

    /// <summary>Opens sealed parts; without it they stay closed.</summary>
    public SegmentSealer? Sealer { get; set; }

    /// <summary>Number of the record to come; 0 while unknown.</summary>
    public long ExpectedNumber { get; set; }

    /// <summary>Where the last record or torn place that was seen ends.</summary>
    public long Offset => _offset;

    /// <summary>Nothing will ever follow in this segment.</summary>
    public bool IsAtEnd { get; private set; }

    private long End => Header.Ending == SegmentEnding.Open ? Header.SegmentBytes : Math.Min(Header.EndOffset, Header.SegmentBytes);
    private bool HasEnded => _isWriterDead || Header.Ending != SegmentEnding.Open;

    /// <exception cref="JournalFormatException">Not a segment.</exception>
    public static SegmentScanner Open(string path, bool isWriterDead)
    {
        SafeFileHandle file = File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        try
        {
            var window = new SegmentWindow(file);
            SegmentHeader header = SegmentHeader.Read(window.At(0, SegmentHeader.Bytes).Span, path);
            window.Invalidate();
            return new SegmentScanner(file, window, header, isWriterDead);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Begins behind records that have been seen before.</summary>
    public void SkipTo(long offset) => _offset = offset;

    /// <summary>These bytes as they are in the file, or fewer at its end; valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(long from, long to) => _window.At(from, (int)(to - from)).Span;

    /// <summary>What lies behind the last record, up to the last byte of the file's declared length that is not zero.</summary>
    public ReadOnlySpan<byte> Trailer()
    {
        long behind = _offset;
        for (long offset = _offset; offset < Header.SegmentBytes; offset += SkipBytes)
        {
            ReadOnlySpan<byte> bytes = _window.At(offset, (int)Math.Min(SkipBytes, Header.SegmentBytes - offset)).Span;
            int last = bytes.LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                behind = offset + last + 1;
        }
        return Bytes(_offset, behind);
    }

    public JournalReadResult Read()
    {
        if (IsAtEnd)
            return JournalReadResult.End;
        Place place = Examine(out RecordHeader header, out DamageKind damage);
        if (place != Place.Whole)
        {
            // What looks torn may have been published since the window was filled, and the segment may have ended.
            _window.Invalidate();
            ReadOnlySpan<byte> ending = _window.At(SegmentHeader.EndingOffset, SegmentHeader.EndingBytes).Span;
            if (ending.Length == SegmentHeader.EndingBytes)
                Header = Header.WithEnding(ending);
            _window.Invalidate();
            place = Examine(out header, out damage);
        }
        switch (place)
        {
            case Place.Whole:
                return Accept(header);
            case Place.Damaged:
                return PassDamage(header, damage);
            case Place.End:
                IsAtEnd = true;
                return JournalReadResult.End;
            default:
                return JournalReadResult.End;
        }
    }

    private Place Examine(out RecordHeader header, out DamageKind damage)
    {
        header = default;
        damage = DamageKind.SegmentTruncated;
        if (_offset + RecordHeader.Bytes > End)
            return Place.End;
        ReadOnlySpan<byte> bytes = _window.At(_offset, RecordHeader.Bytes).Span;
        if (bytes.Length < RecordHeader.Bytes)
            return HasEnded ? Place.Damaged : Place.Unwritten;
        header = RecordHeader.Read(bytes);
        damage = DamageKind.Unpublished;
        if (header.Length == 0)
            return HasEnded ? Place.Damaged : Place.Unwritten;
        damage = DamageKind.Header;
        if (!IsPlausible(header, header.Length, _offset) || (ExpectedNumber != 0 && header.Number != ExpectedNumber))
            return Place.Damaged;
        damage = DamageKind.Checksum;
        return HasRightChecksum(header, _offset) ? Place.Whole : Place.Damaged;
    }

    private JournalReadResult Accept(in RecordHeader header)
    {
        ExpectedNumber = header.Number;
        if (header.Kind == RecordKind.EndOfSegment)
        {
            IsAtEnd = true;
            return JournalReadResult.End;
        }
        long offset = _offset;
        _offset += RecordHeader.Align(header.Length);
        ExpectedNumber++;
        if (header.Kind == RecordKind.Abandoned)
        {
            Damage = new JournalDamage(Header.Number, offset, DamageKind.Abandoned, header.Number, RecordKind.Abandoned);
            return JournalReadResult.Damage;
        }
        ReadOnlyMemory<byte> record = _window.At(offset, header.Length);
        ReadOnlyMemory<byte> body = record[RecordHeader.Bytes..];
        bool isSealed = header.Flags == RecordHeader.IsSealedFlag;
        if (isSealed && !TryOpen(record, header.Number, out body, out isSealed))
        {
            Damage = new JournalDamage(Header.Number, offset, DamageKind.Seal, header.Number, header.Kind);
            return JournalReadResult.Damage;
        }
        var time = new DateTimeOffset(header.Ticks, TimeSpan.Zero);
        Entry = new JournalEntry(header.Number, time, header.Kind, header.BodyVersion, Header.Number, offset, body) { IsSealed = isSealed };
        return JournalReadResult.Record;
    }

    /// <summary>The body as it was before it was sealed; without a key, what can be read of it.</summary>
    private bool TryOpen(ReadOnlyMemory<byte> record, long number, out ReadOnlyMemory<byte> body, out bool staysSealed)
    {
        staysSealed = Sealer is null;
        body = default;
        if (!SealedBody.TryRead(record.Span, out SealedBody parts))
            return false;
        int readable = parts.Readable.Length;
        if (Sealer is null)
        {
            body = record.Slice(RecordHeader.Bytes, readable);
            return true;
        }
        int bytes = readable + parts.Cipher.Length;
        if (_plain.Length < bytes)
            _plain = new byte[Math.Max(bytes, 4096)];
        parts.Readable.CopyTo(_plain);
        body = _plain.AsMemory(0, bytes);
        return Sealer.TryOpen(number, parts.Associated, parts.Cipher, parts.Tag, _plain.AsSpan(readable, parts.Cipher.Length));
    }

    /// <summary>Finds where reading can go on, and says what lies between.</summary>
    private JournalReadResult PassDamage(in RecordHeader header, DamageKind damage)
    {
        Damage = new JournalDamage(Header.Number, _offset, damage, ExpectedNumber, RecordKind.None);
        // The torn record's own header, stored before its body, gives its exact length. Nothing inside it is looked at: it may be anybody's text.
        bool isAnnounced = damage is DamageKind.Unpublished or DamageKind.Checksum
            && (header.Number == ExpectedNumber || ExpectedNumber == 0)
            && IsPlausible(header, header.AnnouncedLength, _offset);
        if (isAnnounced && header.Kind == RecordKind.EndOfSegment && damage == DamageKind.Unpublished)
        {
            IsAtEnd = true;
            return JournalReadResult.End;
        }
        if (isAnnounced)
        {
            Damage = Damage with { Number = header.Number, RecordKind = header.Kind };
            _offset += RecordHeader.Align(header.AnnouncedLength);
            ExpectedNumber = header.Number + 1;
            return JournalReadResult.Damage;
        }
        if (FindWholeRecord(_offset + RecordHeader.Alignment) is { } found)
        {
            _offset = found.Offset;
            ExpectedNumber = found.Number;
            return JournalReadResult.Damage;
        }
        // Nothing whole follows. In a segment without an ending, zeros from here on are its unused rest.
        long behind = EndOfNonZero(_offset);
        if (behind == _offset && Header.Ending == SegmentEnding.Open)
        {
            IsAtEnd = true;
            return JournalReadResult.End;
        }
        _offset = Header.Ending == SegmentEnding.Open ? Math.Min(End, Math.Max(behind, _offset + RecordHeader.Bytes)) : End;
        return JournalReadResult.Damage;
    }

    private (long Offset, long Number)? FindWholeRecord(long from)
    {
        long torn = _offset;
        for (long offset = from; offset + RecordHeader.Bytes <= End;)
        {
            ReadOnlySpan<byte> bytes = _window.At(offset, SkipBytes).Span;
            if (bytes.Length < RecordHeader.Bytes)
                return null;
            int zeros = bytes.IndexOfAnyExcept((byte)0);
            if (zeros != 0)
            {
                offset += zeros < 0 ? bytes.Length & -RecordHeader.Alignment : zeros & -RecordHeader.Alignment;
                if (zeros is < 0 or >= RecordHeader.Alignment)
                    continue;
            }
            RecordHeader header = RecordHeader.Read(bytes);
            long mostBetween = (offset - torn) / RecordHeader.Bytes + 1;
            bool isNumberPossible = ExpectedNumber == 0 || (header.Number > ExpectedNumber && header.Number - ExpectedNumber <= mostBetween);
            if (isNumberPossible && IsPlausible(header, header.Length, offset) && HasRightChecksum(header, offset))
                return (offset, header.Number);
            offset += RecordHeader.Alignment;
        }
        return null;
    }

    /// <summary>Behind the last byte that is not zero, from here to the end of the segment; rounded up to where a record can begin.</summary>
    private long EndOfNonZero(long from)
    {
        long behind = from;
        for (long offset = from; offset < End; offset += SkipBytes)
        {
            ReadOnlySpan<byte> bytes = _window.At(offset, (int)Math.Min(SkipBytes, End - offset)).Span;
            int last = bytes.LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                behind = offset + last + 1;
            if (bytes.Length < SkipBytes)
                break;
        }
        return (behind + RecordHeader.Alignment - 1) & -RecordHeader.Alignment;
    }

    private bool IsPlausible(in RecordHeader header, int length, long offset) =>
        length >= RecordHeader.Bytes && length == header.AnnouncedLength && length <= End - offset
        && header.Number > 0 && header.Kind != RecordKind.None && header.Flags <= RecordHeader.IsSealedFlag
        && header.Ticks >= 0 && header.Ticks <= DateTime.MaxValue.Ticks;

    private bool HasRightChecksum(in RecordHeader header, long offset)
    {
        ReadOnlySpan<byte> record = _window.At(offset, header.Length).Span;
        return record.Length == header.Length
            && RecordChecksum.Compute(Header.ChecksumSeed, record[RecordHeader.ChecksumFrom..]) == header.Checksum;
    }

    private enum Place
    {
        Unwritten = 0,
        Whole,
        Damaged,
        End,
    }
}
