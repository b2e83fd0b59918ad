namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="SessionClosedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedSessionClosed : DecodedRecord
{
    public required Guid SessionId { get; init; }
    public required string Reason { get; init; }
    public required long Statements { get; init; }
    public required long Rows { get; init; }
    public required long BytesFromClient { get; init; }
    public required long BytesToClient { get; init; }

    public override RecordKind Kind => RecordKind.SessionClosed;

    internal static DecodedSessionClosed Read(ref RecordReader reader) => new()
    {
        SessionId = reader.Guid(),
        Reason = reader.Text(),
        Statements = reader.Int64(),
        Rows = reader.Int64(),
        BytesFromClient = reader.Int64(),
        BytesToClient = reader.Int64(),
    };
}
