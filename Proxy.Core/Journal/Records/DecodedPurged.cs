namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="PurgedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedPurged : DecodedRecord
{
    public required long FirstSegment { get; init; }
    public required long LastSegment { get; init; }
    public required long FirstRecord { get; init; }
    public required long LastRecord { get; init; }
    public required DateTimeOffset Newest { get; init; }
    public required long Entries { get; init; }
    public required byte[] Chain { get; init; }
    public required byte[] Edge { get; init; }
    public required string Rule { get; init; }

    public override RecordKind Kind => RecordKind.Purged;

    internal static DecodedPurged Read(ref RecordReader reader) => new()
    {
        FirstSegment = reader.Int64(),
        LastSegment = reader.Int64(),
        FirstRecord = reader.Int64(),
        LastRecord = reader.Int64(),
        Newest = reader.Time(),
        Entries = reader.Int64(),
        Chain = reader.Bytes(),
        Edge = reader.Bytes(),
        Rule = reader.Text(),
    };
}
