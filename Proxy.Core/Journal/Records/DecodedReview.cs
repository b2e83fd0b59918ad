using System.Collections.Immutable;

namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="ReviewRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedReview : DecodedRecord
{
    public required string Reviewer { get; init; }
    public required string Account { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required long FirstRecord { get; init; }
    public required long LastRecord { get; init; }
    public required byte[] Digest { get; init; }
    public required ImmutableArray<ulong> Findings { get; init; }
    public required string Note { get; init; }

    public override RecordKind Kind => RecordKind.Review;

    internal static DecodedReview Read(ref RecordReader reader) => new()
    {
        Reviewer = reader.Text(),
        Account = reader.Text(),
        From = reader.Time(),
        To = reader.Time(),
        FirstRecord = reader.Int64(),
        LastRecord = reader.Int64(),
        Digest = reader.Bytes(),
        Findings = reader.Numbers(),
        Note = reader.SealedText(),
    };
}
