using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Reading;

/// <summary>A record whose bytes were taken out of their segment.</summary>
internal static class DetachedRecord
{
    /// <param name="record">Its bytes as they were in the segment, with their padding.</param>
    /// <param name="segment">That it was in.</param>
    /// <param name="dataKey">Of that segment; when empty, what is sealed stays so.</param>
    /// <exception cref="JournalFormatException">It is none, or does not open with the key.</exception>
    public static JournalEntry Open(ReadOnlyMemory<byte> record, long segment, ReadOnlySpan<byte> dataKey)
    {
        RecordHeader header = HeaderOf(record.Span);
        var entry = new JournalEntry(
            header.Number, new DateTimeOffset(header.Ticks, TimeSpan.Zero), header.Kind, header.BodyVersion, segment, Offset: 0,
            record[RecordHeader.Bytes..header.Length]);
        if (header.Flags != RecordHeader.IsSealedFlag)
            return entry;
        if (!SealedBody.TryRead(record.Span[..header.Length], out SealedBody body))
            throw Malformed();
        if (dataKey.IsEmpty)
            return entry with { Body = body.Readable.ToArray(), IsSealed = true };
        byte[] plain = new byte[body.Readable.Length + body.Cipher.Length];
        body.Readable.CopyTo(plain);
        using var sealer = new SegmentSealer(dataKey.ToArray());
        return sealer.TryOpen(header.Number, body.Associated, body.Cipher, body.Tag, plain.AsSpan(body.Readable.Length))
            ? entry with { Body = plain }
            : throw new JournalFormatException("A journal record does not open with the key that belongs to it.");
    }

    /// <exception cref="JournalFormatException">The bytes are not those of one record.</exception>
    public static RecordHeader HeaderOf(ReadOnlySpan<byte> record)
    {
        if (record.Length < RecordHeader.Bytes)
            throw Malformed();
        RecordHeader header = RecordHeader.Read(record);
        bool isOne = header.Length >= RecordHeader.Bytes && header.Length <= record.Length && RecordHeader.Align(header.Length) == record.Length
            && header.Number > 0 && header.Ticks >= 0 && header.Ticks <= DateTime.MaxValue.Ticks;
        return isOne ? header : throw Malformed();
    }

    private static JournalFormatException Malformed() => new("The bytes of a journal record that was kept are malformed.");
}
