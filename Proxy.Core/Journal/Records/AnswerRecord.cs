namespace Proxy.Core.Journal.Records;

/// <summary>
/// Bytes that the client was sent, when they are too many for the Outcome that follows, or no Outcome does. The sessions's Answers and Outcomes, in
/// the order of their numbers, hold what its client got after sign-in.
/// </summary>
public readonly ref struct AnswerRecord : IJournalRecord
{
    private const int FixedBytes = 16;

    public Guid SessionId { get; init; }

    /// <summary>As on the wire. PHI.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }

    public RecordKind Kind => RecordKind.Answer;

    public int Measure() => FixedBytes + RecordWriter.Measure(Bytes);

    public int SealedBytes => RecordWriter.Measure(Bytes);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Guid(SessionId);
        writer.Bytes(Bytes);
    }

    public override string ToString() => nameof(AnswerRecord);
}
