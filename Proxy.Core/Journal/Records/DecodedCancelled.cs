namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="CancelledRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedCancelled : DecodedRecord
{
    public required Guid SessionId { get; init; }
    public required string FromAddress { get; init; }

    public override RecordKind Kind => RecordKind.Cancelled;

    internal static DecodedCancelled Read(ref RecordReader reader) => new()
    {
        SessionId = reader.Guid(),
        FromAddress = reader.Text(),
    };
}
