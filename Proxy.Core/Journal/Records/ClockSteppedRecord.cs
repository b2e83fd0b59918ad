namespace Proxy.Core.Journal.Records;

/// <summary>The machine's clock was set: times before and after this record are not of one scale. Numbers order all the same.</summary>
public readonly ref struct ClockSteppedRecord : IJournalRecord
{
    private const int FixedBytes = 2 * sizeof(long);

    /// <summary>What the time would be, by a clock that nobody sets.</summary>
    public required DateTimeOffset Expected { get; init; }

    /// <summary>What the clock says.</summary>
    public required DateTimeOffset Actual { get; init; }

    public RecordKind Kind => RecordKind.ClockStepped;

    public int Measure() => FixedBytes;

    public int SealedBytes => 0;

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Int64(Expected.UtcTicks);
        writer.Int64(Actual.UtcTicks);
    }

    public override string ToString() => nameof(ClockSteppedRecord);
}
