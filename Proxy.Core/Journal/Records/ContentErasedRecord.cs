namespace Proxy.Core.Journal.Records;

/// <summary>
/// The data keys of segments are about to be erased, because the time of what is sealed in them (texts, parameters, answers) is over. What is readable
/// stays. It says what their headers look like afterwards, so that a key which is gone without such a record is a finding.
/// </summary>
public readonly ref struct ContentErasedRecord : IJournalRecord
{
    private const int FixedBytes = 5 * sizeof(long);

    public required long FirstSegment { get; init; }
    public required long LastSegment { get; init; }
    public required long FirstRecord { get; init; }
    public required long LastRecord { get; init; }

    /// <summary>Of the newest record whose sealed part goes.</summary>
    public required DateTimeOffset Newest { get; init; }

    /// <summary>For each segment the SHA-256 of its header without its key, with the bytes that are written late as zeros.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>By which rule, for people.</summary>
    public required ReadOnlySpan<char> Rule { get; init; }

    public RecordKind Kind => RecordKind.ContentErased;

    public int Measure() => FixedBytes + RecordWriter.Measure(Headers) + RecordWriter.Measure(Rule);

    public int SealedBytes => 0;

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Int64(FirstSegment);
        writer.Int64(LastSegment);
        writer.Int64(FirstRecord);
        writer.Int64(LastRecord);
        writer.Int64(Newest.UtcTicks);
        writer.Bytes(Headers);
        writer.Text(Rule);
    }

    public override string ToString() => nameof(ContentErasedRecord);
}
