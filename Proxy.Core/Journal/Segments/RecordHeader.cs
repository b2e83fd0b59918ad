using System.Buffers.Binary;

namespace Proxy.Core.Journal.Segments;

/// <summary>
/// The 32 bytes before a record's body. Length and checksum are one 8-byte word, stored last with release semantics: a length of 0 is a record that
/// was never published. What follows the word is stored first, so that a torn record can still say what it was going to be.
/// </summary>
/// <param name="Length">Header and body, without the padding to 8 bytes.</param>
/// <param name="AnnouncedLength">The same, stored before the body.</param>
internal readonly record struct RecordHeader(
    int Length, uint Checksum, long Number, long Ticks, int AnnouncedLength, RecordKind Kind, byte BodyVersion, byte Flags)
{
    public const int Bytes = 32;

    /// <summary>The checksum covers everything from here to the end of the body.</summary>
    public const int ChecksumFrom = 8;
    public const int Alignment = 8;

    public const byte CurrentBodyVersion = 1;

    /// <summary>Flag: the end of the body is sealed.</summary>
    public const byte IsSealedFlag = 1;

    public int BodyBytes => Length - Bytes;

    /// <summary>What a record of this length takes in the segment.</summary>
    public static int Align(int length) => (length + (Alignment - 1)) & -Alignment;

    public static RecordHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt32LittleEndian(source),
        BinaryPrimitives.ReadUInt32LittleEndian(source[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[24..]),
        (RecordKind)BinaryPrimitives.ReadUInt16LittleEndian(source[28..]),
        source[30],
        source[31]);

    /// <summary>Writes everything but the word that publishes.</summary>
    public static void Announce(Span<byte> record, long number, long ticks, RecordKind kind, byte flags = 0)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[24..], record.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(record[28..], (ushort)kind);
        record[30] = CurrentBodyVersion;
        record[31] = flags;
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], number);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], ticks);
    }

    public static ulong PublishingWord(int length, uint checksum)
    {
        ulong word = (ulong)checksum << 32 | (uint)length;
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    public static int LengthOf(ulong publishingWord) =>
        (int)(uint)(BitConverter.IsLittleEndian ? publishingWord : BinaryPrimitives.ReverseEndianness(publishingWord));
}
