namespace Proxy.Core.Journal.Records;

/// <summary>A cancel request was passed on for a session.</summary>
public readonly ref struct CancelledRecord : IJournalRecord
{
    private const int FixedBytes = 16;

    public Guid SessionId { get; init; }
    public ReadOnlySpan<char> FromAddress { get; init; }

    public RecordKind Kind => RecordKind.Cancelled;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(FromAddress);

    public int SealedBytes => 0;

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Guid(SessionId);
        writer.Text(FromAddress);
    }

    public override string ToString() => nameof(CancelledRecord);
}
