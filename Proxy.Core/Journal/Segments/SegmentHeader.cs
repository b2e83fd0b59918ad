using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Proxy.Core.Journal.Segments;

/// <summary>
/// The first 4096 bytes of a segment file; docs/journal-format.md has the layout. The first half is written once, before the file gets its name;
/// the ending is written once, when nobody writes records any more. Behind it is the wrapped data key, if the segment is sealed; the rest of the page is zero.
/// </summary>
internal readonly record struct SegmentHeader
{
    public SegmentHeader()
    {
    }

    public const int Bytes = 4096;
    public const uint FormatVersion = 2;
    public const int FirstNumberOffset = 128;
    public const int EndingOffset = 136;
    public const int EndingBytes = 24;

    public const ushort SealedWithAesGcm = 1;
    public const ushort ChainedBySha256 = 2;
    public const int KeyIdBytesMax = 512;
    public const int WrappedKeyBytesMax = 2048;

    private const int IdentityBytes = 124;
    private const int KeyOffset = EndingOffset + EndingBytes;
    private const int KeyIdOffset = KeyOffset + 8;
    private const int WrappedKeyOffset = KeyIdOffset + KeyIdBytesMax;
    private const int WrappedKeyLengthOffset = KeyOffset + 2;
    private const int EntryHashOffset = WrappedKeyOffset + WrappedKeyBytesMax;

    public required Guid JournalId { get; init; }
    public required long Number { get; init; }

    /// <summary>Length of the file, this header included.</summary>
    public required int SegmentBytes { get; init; }
    public required long CreatedTicks { get; init; }

    /// <summary>Number of the segment with which the process that made this one began.</summary>
    public required long RunNumber { get; init; }

    /// <summary>
    /// Random; the checksum of every record starts from it. Recovery looks for records after a hole, and a statement's text must not be able to
    /// pass for one.
    /// </summary>
    public required ulong Salt { get; init; }
    public ushort Sealing { get; init; }
    public ushort Chaining { get; init; }

    /// <summary>Under which key the data key is wrapped; empty when nothing is sealed.</summary>
    public string KeyId { get; init; } = "";
    public ReadOnlyMemory<byte> WrappedKey { get; init; }

    /// <summary>The data key was erased, so that nobody can read what is sealed in the segment any more.</summary>
    public bool IsContentErased { get; init; }

    /// <summary>Number of the first record; 0 while unknown. Advice for readers in a hurry: the records carry their numbers.</summary>
    public long FirstRecordNumber { get; init; }
    public SegmentEnding Ending { get; init; }

    /// <summary>Where the last record ends, once it has ended.</summary>
    public int EndOffset { get; init; }

    /// <summary>The number after the last record's, once it has ended.</summary>
    public long NextRecordNumber { get; init; }

    public uint ChecksumSeed => RecordChecksum.Continue(0xFFFF_FFFF, Salt, (ulong)Number);

    private static ReadOnlySpan<byte> Magic => "PHIGATEJ"u8;

    public static ulong NewSalt()
    {
        Span<byte> salt = stackalloc byte[8];
        RandomNumberGenerator.Fill(salt);
        return BinaryPrimitives.ReadUInt64LittleEndian(salt);
    }

    /// <summary>Writes the part that never changes.</summary>
    public void WriteIdentity(Span<byte> page)
    {
        Magic.CopyTo(page);
        BinaryPrimitives.WriteUInt32LittleEndian(page[8..], FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(page[12..], Bytes);
        JournalId.TryWriteBytes(page[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(page[32..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(page[40..], SegmentBytes);
        BinaryPrimitives.WriteInt64LittleEndian(page[48..], CreatedTicks);
        BinaryPrimitives.WriteInt64LittleEndian(page[56..], RunNumber);
        BinaryPrimitives.WriteUInt64LittleEndian(page[64..], Salt);
        BinaryPrimitives.WriteUInt16LittleEndian(page[72..], Sealing);
        BinaryPrimitives.WriteUInt16LittleEndian(page[74..], Chaining);
        BinaryPrimitives.WriteUInt32LittleEndian(page[IdentityBytes..], RecordChecksum.Compute(0, page[..IdentityBytes]));
        BinaryPrimitives.WriteUInt16LittleEndian(page[KeyOffset..], checked((ushort)Encoding.UTF8.GetBytes(KeyId, page.Slice(KeyIdOffset, KeyIdBytesMax))));
        BinaryPrimitives.WriteUInt16LittleEndian(page[(KeyOffset + 2)..], checked((ushort)WrappedKey.Length));
        WrappedKey.Span.CopyTo(page.Slice(WrappedKeyOffset, WrappedKeyBytesMax));
    }

    /// <summary>Writes the ending: <see cref="EndingBytes"/> bytes for <see cref="EndingOffset"/>.</summary>
    public static void WriteEnding(Span<byte> destination, SegmentEnding ending, int endOffset, long nextRecordNumber)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, (int)ending);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], endOffset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], nextRecordNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[16..], RecordChecksum.Compute(0, destination[..16]));
        BinaryPrimitives.WriteUInt32LittleEndian(destination[20..], 0);
    }

    /// <summary>The first page of a segment's file, which its header is in.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public static byte[] PageOf(string path)
    {
        byte[] page = new byte[Bytes];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.ReadExactly(page);
        return page;
    }

    /// <param name="page">The first page of the file.</param>
    /// <param name="path">Named in the exception.</param>
    /// <exception cref="JournalFormatException">It is no segment, it is damaged, or a newer PhiGate wrote it.</exception>
    public static SegmentHeader Read(ReadOnlySpan<byte> page, string path)
    {
        if (page.Length < Bytes || !page[..8].SequenceEqual(Magic))
            throw new JournalFormatException($"{path} is not a journal segment.");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(page[8..]);
        if (version != FormatVersion)
            throw new JournalFormatException($"{path} has journal format {version}; this program reads {FormatVersion}.");
        if (BinaryPrimitives.ReadUInt32LittleEndian(page[IdentityBytes..]) != RecordChecksum.Compute(0, page[..IdentityBytes]))
            throw new JournalFormatException($"The header of {path} is damaged: its checksum is wrong.");

        var header = new SegmentHeader
        {
            JournalId = new Guid(page.Slice(16, 16), bigEndian: true),
            Number = BinaryPrimitives.ReadInt64LittleEndian(page[32..]),
            SegmentBytes = checked((int)BinaryPrimitives.ReadInt64LittleEndian(page[40..])),
            CreatedTicks = BinaryPrimitives.ReadInt64LittleEndian(page[48..]),
            RunNumber = BinaryPrimitives.ReadInt64LittleEndian(page[56..]),
            Salt = BinaryPrimitives.ReadUInt64LittleEndian(page[64..]),
            Sealing = BinaryPrimitives.ReadUInt16LittleEndian(page[72..]),
            Chaining = BinaryPrimitives.ReadUInt16LittleEndian(page[74..]),
            FirstRecordNumber = BinaryPrimitives.ReadInt64LittleEndian(page[FirstNumberOffset..]),
        };
        if (header.Sealing > SealedWithAesGcm || header.Chaining is not (0 or ChainedBySha256))
            throw new JournalFormatException($"{path} is sealed or chained in a way that this program does not know.");
        if (!EntryHashOf(page).IsEmpty)
            header = header with { IsContentErased = true };
        else if (header.Sealing != 0)
            header = header.WithKey(page);
        return header.WithEnding(page.Slice(EndingOffset, EndingBytes));
    }

    /// <summary>
    /// The hash of the header's entry as it was with its key, where that was erased; else nothing. It stands for the entry: with another one no later head agrees.
    /// </summary>
    public static ReadOnlySpan<byte> EntryHashOf(ReadOnlySpan<byte> page)
    {
        ReadOnlySpan<byte> hash = page.Slice(EntryHashOffset, SHA256.HashSizeInBytes);
        return hash.ContainsAnyExcept((byte)0) ? hash : [];
    }

    /// <summary>Erases the data key in a file's first page. The hash is on the disk before the key is gone, so that a crash between the two loses nothing.</summary>
    public static void EraseKey(string path, ReadOnlySpan<byte> entryHash)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Overwrite(file, EntryHashOffset, entryHash);
        Overwrite(file, WrappedKeyLengthOffset, stackalloc byte[sizeof(ushort)]);
        Overwrite(file, WrappedKeyOffset, stackalloc byte[WrappedKeyBytesMax]);
    }

    /// <summary>The same in a copy of the page.</summary>
    public static void EraseKeyOf(Span<byte> page, ReadOnlySpan<byte> entryHash)
    {
        entryHash.CopyTo(page[EntryHashOffset..]);
        page.Slice(WrappedKeyLengthOffset, sizeof(ushort)).Clear();
        page.Slice(WrappedKeyOffset, WrappedKeyBytesMax).Clear();
    }

    /// <summary>Sets the bytes to zero that are written after the first record: they must be what the records say, and nothing that is hashed covers them.</summary>
    public static void ClearLate(Span<byte> page) => page[FirstNumberOffset..(EndingOffset + EndingBytes)].Clear();

    private static void Overwrite(FileStream file, int offset, ReadOnlySpan<byte> bytes)
    {
        file.Position = offset;
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    private SegmentHeader WithKey(ReadOnlySpan<byte> page)
    {
        // A length that cannot be is the length of a damaged key: unwrapping it says so.
        int idBytes = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(page[KeyOffset..]), KeyIdBytesMax);
        int keyBytes = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(page[(KeyOffset + 2)..]), WrappedKeyBytesMax);
        return this with
        {
            KeyId = Encoding.UTF8.GetString(page.Slice(KeyIdOffset, idBytes)),
            WrappedKey = page.Slice(WrappedKeyOffset, keyBytes).ToArray(),
        };
    }

    /// <summary>With the ending from these bytes. A torn ending counts as none: the segment is then scanned, which finds the same end.</summary>
    public SegmentHeader WithEnding(ReadOnlySpan<byte> ending)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(ending) == 0
            || BinaryPrimitives.ReadUInt32LittleEndian(ending[16..]) != RecordChecksum.Compute(0, ending[..16]))
        {
            return this with { Ending = SegmentEnding.Open, EndOffset = 0, NextRecordNumber = 0 };
        }
        return this with
        {
            Ending = (SegmentEnding)BinaryPrimitives.ReadInt32LittleEndian(ending),
            EndOffset = BinaryPrimitives.ReadInt32LittleEndian(ending[4..]),
            NextRecordNumber = BinaryPrimitives.ReadInt64LittleEndian(ending[8..]),
        };
    }
}
