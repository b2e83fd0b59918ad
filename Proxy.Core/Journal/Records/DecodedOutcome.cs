namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="OutcomeRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedOutcome : DecodedRecord
{
    public required Guid SessionId { get; init; }
    public required long Statement { get; init; }
    public required OutcomeStatus Status { get; init; }
    public required string CommandTag { get; init; }
    public required string SqlState { get; init; }
    public required long Rows { get; init; }
    public required long Bytes { get; init; }
    public required int MaskedColumns { get; init; }
    public required long ElapsedMicroseconds { get; init; }
    public required AnswerMode AnswerMode { get; init; }
    public required bool IsAnswerCapped { get; init; }
    public required long AnswerBytes { get; init; }
    public required byte[] Digest { get; init; }
    public required byte[] Answer { get; init; }

    public override RecordKind Kind => RecordKind.Outcome;

    internal static DecodedOutcome Read(ref RecordReader reader) => new()
    {
        SessionId = reader.Guid(),
        Statement = reader.Int64(),
        Status = (OutcomeStatus)reader.Byte(),
        CommandTag = reader.Text(),
        SqlState = reader.Text(),
        Rows = reader.Int64(),
        Bytes = reader.Int64(),
        MaskedColumns = reader.Int32(),
        ElapsedMicroseconds = reader.Int64(),
        AnswerMode = (AnswerMode)reader.Byte(),
        IsAnswerCapped = reader.Byte() != 0,
        AnswerBytes = reader.Int64(),
        Digest = reader.SealedBytes(),
        Answer = reader.SealedBytes(),
    };
}
