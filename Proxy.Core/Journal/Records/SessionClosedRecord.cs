namespace Proxy.Core.Journal.Records;

/// <summary>A session ended, and what went through it.</summary>
public readonly ref struct SessionClosedRecord : IJournalRecord
{
    private const int FixedBytes = 48;

    public Guid SessionId { get; init; }

    /// <summary>No values from statements or rows.</summary>
    public ReadOnlySpan<char> Reason { get; init; }
    public long Statements { get; init; }
    public long Rows { get; init; }
    public long BytesFromClient { get; init; }
    public long BytesToClient { get; init; }

    public RecordKind Kind => RecordKind.SessionClosed;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(Reason);

    public int SealedBytes => 0;

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Guid(SessionId);
        writer.Text(Reason);
        writer.Int64(Statements);
        writer.Int64(Rows);
        writer.Int64(BytesFromClient);
        writer.Int64(BytesToClient);
    }

    public override string ToString() => nameof(SessionClosedRecord);
}
