namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="ClockSteppedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedClockStepped : DecodedRecord
{
    public required DateTimeOffset Expected { get; init; }
    public required DateTimeOffset Actual { get; init; }

    public override RecordKind Kind => RecordKind.ClockStepped;

    internal static DecodedClockStepped Read(ref RecordReader reader) => new() { Expected = reader.Time(), Actual = reader.Time() };
}
