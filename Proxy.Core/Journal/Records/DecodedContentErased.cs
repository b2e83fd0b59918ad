namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="ContentErasedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedContentErased : DecodedRecord
{
    public required long FirstSegment { get; init; }
    public required long LastSegment { get; init; }
    public required long FirstRecord { get; init; }
    public required long LastRecord { get; init; }
    public required DateTimeOffset Newest { get; init; }
    public required byte[] Headers { get; init; }
    public required string Rule { get; init; }

    public override RecordKind Kind => RecordKind.ContentErased;

    internal static DecodedContentErased Read(ref RecordReader reader) => new()
    {
        FirstSegment = reader.Int64(),
        LastSegment = reader.Int64(),
        FirstRecord = reader.Int64(),
        LastRecord = reader.Int64(),
        Newest = reader.Time(),
        Headers = reader.Bytes(),
        Rule = reader.Text(),
    };
}
