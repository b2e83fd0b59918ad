namespace Proxy.Core.Journal.Records;

/// <summary>How a statement ended, as the client saw it.</summary>
public readonly ref struct OutcomeRecord : IJournalRecord
{
    private const int FixedBytes = 63;

    public Guid SessionId { get; init; }

    /// <summary>The record number of the Intent or Execution that it concludes.</summary>
    public long Statement { get; init; }
    public OutcomeStatus Status { get; init; }
    public ReadOnlySpan<byte> CommandTag { get; init; }

    /// <summary>Empty without an error.</summary>
    public ReadOnlySpan<byte> SqlState { get; init; }
    public long Rows { get; init; }

    /// <summary>What the client was sent, in bytes.</summary>
    public long Bytes { get; init; }
    public int MaskedColumns { get; init; }
    public long ElapsedMicroseconds { get; init; }

    /// <summary>How much of the answer is kept.</summary>
    public AnswerMode AnswerMode { get; init; }

    /// <summary>Not all of <see cref="AnswerBytes"/> was kept.</summary>
    public bool IsAnswerCapped { get; init; }

    /// <summary>What the client was sent since the session's Outcome before this one.</summary>
    public long AnswerBytes { get; init; }

    /// <summary>SHA-256 of it; empty when all of it is in <see cref="Answer"/>. Not readable: an answer of one digit could be found by trying.</summary>
    public ReadOnlySpan<byte> Digest { get; init; }

    /// <summary>What is kept of it, or of its end when Answer records came before. PHI.</summary>
    public ReadOnlySpan<byte> Answer { get; init; }

    public RecordKind Kind => RecordKind.Outcome;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(CommandTag) + RecordWriter.Measure(SqlState) + RecordWriter.Measure(Digest) + RecordWriter.Measure(Answer);

    public int SealedBytes => Digest.IsEmpty && Answer.IsEmpty ? 0 : RecordWriter.Measure(Digest) + RecordWriter.Measure(Answer);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Guid(SessionId);
        writer.Int64(Statement);
        writer.Byte((byte)Status);
        writer.Bytes(CommandTag);
        writer.Bytes(SqlState);
        writer.Int64(Rows);
        writer.Int64(Bytes);
        writer.Int32(MaskedColumns);
        writer.Int64(ElapsedMicroseconds);
        writer.Byte((byte)AnswerMode);
        writer.Byte(IsAnswerCapped ? (byte)1 : (byte)0);
        writer.Int64(AnswerBytes);
        writer.Bytes(Digest);
        writer.Bytes(Answer);
    }

    public override string ToString() => nameof(OutcomeRecord);
}
