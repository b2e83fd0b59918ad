using System.Collections.Immutable;

namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="SubjectsRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedSubjects : DecodedRecord
{
    public required Guid SessionId { get; init; }
    public required long Statement { get; init; }
    public required string SubjectKind { get; init; }
    public required long Rows { get; init; }
    public required long UnreadRows { get; init; }
    public required bool IsCapped { get; init; }
    public required ImmutableArray<ulong> Codes { get; init; }

    public override RecordKind Kind => RecordKind.Subjects;

    internal static DecodedSubjects Read(ref RecordReader reader) => new()
    {
        SessionId = reader.Guid(),
        Statement = reader.Int64(),
        SubjectKind = reader.Text(),
        Rows = reader.Int64(),
        UnreadRows = reader.Int64(),
        IsCapped = reader.Byte() != 0,
        Codes = reader.Numbers(),
    };
}
