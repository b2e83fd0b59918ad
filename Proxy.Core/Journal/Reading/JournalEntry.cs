namespace Proxy.Core.Journal.Reading;

/// <summary>One whole record, its checksum verified.</summary>
/// <param name="Number">The record's number.</param>
/// <param name="Time">When it was appended, by the clock of its process. Numbers order; times inform.</param>
/// <param name="Kind">What it says; may be a kind that this program does not know.</param>
/// <param name="BodyVersion">The version of the body's layout.</param>
/// <param name="Segment">Number of the segment file.</param>
/// <param name="Offset">Where the record begins in it.</param>
/// <param name="Body">Valid until the reader's next step.</param>
public readonly record struct JournalEntry(
    long Number, DateTimeOffset Time, RecordKind Kind, byte BodyVersion, long Segment, long Offset, ReadOnlyMemory<byte> Body)
{
    /// <summary>What only those with the key may read is missing: the body ends before it.</summary>
    public bool IsSealed { get; init; }

    public override string ToString() => $"record {Number} ({Kind}, {Body.Length} bytes) at {Offset} of segment {Segment}";
}
