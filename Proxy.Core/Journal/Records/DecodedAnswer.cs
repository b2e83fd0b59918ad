namespace Proxy.Core.Journal.Records;

/// <summary>An <see cref="AnswerRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedAnswer : DecodedRecord
{
    public required Guid SessionId { get; init; }
    public required byte[] Bytes { get; init; }

    public override RecordKind Kind => RecordKind.Answer;

    internal static DecodedAnswer Read(ref RecordReader reader) => new() { SessionId = reader.Guid(), Bytes = reader.SealedBytes() };
}
