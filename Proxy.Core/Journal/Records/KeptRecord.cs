namespace Proxy.Core.Journal.Records;

/// <summary>
/// A record of documentation whose segment is about to be purged, as it was, with what proves that it was in the journal: whoever has the public key can check
/// that without the segment. Kept anew when the segment with this record goes.
/// </summary>
public readonly ref struct KeptRecord : IJournalRecord
{
    private const int FixedBytes = 2 * sizeof(long);

    /// <summary>That the record was in.</summary>
    public required long Segment { get; init; }

    /// <summary>Of its entry, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>Hash of the entry before.</summary>
    public required ReadOnlySpan<byte> Before { get; init; }

    /// <summary>The record's bytes with their padding, as they were in the segment: what was sealed in them is sealed.</summary>
    public required ReadOnlySpan<byte> Entry { get; init; }

    /// <summary>The hashes beside the way to the root, one behind the other, the lowest first.</summary>
    public required ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The first head that covers it, as it is in journal.heads.</summary>
    public required ReadOnlySpan<char> Head { get; init; }

    /// <summary>Opens what is sealed in the record; empty when nothing is, or when it was erased.</summary>
    public ReadOnlySpan<byte> DataKey { get; init; }

    public RecordKind Kind => RecordKind.Kept;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(Before) + RecordWriter.Measure(Entry) + RecordWriter.Measure(Path) + RecordWriter.Measure(Head) + RecordWriter.Measure(DataKey);

    public int SealedBytes => DataKey.IsEmpty ? 0 : RecordWriter.Measure(DataKey);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Int64(Segment);
        writer.Int64(Index);
        writer.Bytes(Before);
        writer.Bytes(Entry);
        writer.Bytes(Path);
        writer.Text(Head);
        writer.Bytes(DataKey);
    }

    public override string ToString() => nameof(KeptRecord);
}
