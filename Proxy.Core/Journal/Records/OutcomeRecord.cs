namespace Proxy.Core.Journal.Records;

/// <summary>How a statement ended, as the client saw it.</summary>
public readonly ref struct OutcomeRecord : IJournalRecord
{
    private const int FixedBytes = 53;

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

    public RecordKind Kind => RecordKind.Outcome;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(CommandTag) + RecordWriter.Measure(SqlState);

    public int SealedBytes => 0;

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
    }

    public override string ToString() => nameof(OutcomeRecord);
}
