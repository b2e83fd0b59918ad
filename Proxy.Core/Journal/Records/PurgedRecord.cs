namespace Proxy.Core.Journal.Records;

/// <summary>
/// The oldest segments are about to be deleted, because their time is over. It says where chain and tree were behind them, so that what is left can still
/// be verified, and tells a purge from a cut: whoever deletes has no signature for such a record.
/// </summary>
public readonly ref struct PurgedRecord : IJournalRecord
{
    private const int FixedBytes = 6 * sizeof(long);

    public required long FirstSegment { get; init; }
    public required long LastSegment { get; init; }
    public required long FirstRecord { get; init; }
    public required long LastRecord { get; init; }

    /// <summary>Of the newest record that is deleted.</summary>
    public required DateTimeOffset Newest { get; init; }

    /// <summary>Entries of the chain up to there, those of earlier purges included.</summary>
    public required long Entries { get; init; }

    /// <summary>Hash of the last of them.</summary>
    public required ReadOnlySpan<byte> Chain { get; init; }

    /// <summary>Hashes of the complete subtrees, the smallest first.</summary>
    public required ReadOnlySpan<byte> Edge { get; init; }

    /// <summary>By which rule, for people.</summary>
    public required ReadOnlySpan<char> Rule { get; init; }

    public RecordKind Kind => RecordKind.Purged;

    public int Measure() => FixedBytes + RecordWriter.Measure(Chain) + RecordWriter.Measure(Edge) + RecordWriter.Measure(Rule);

    public int SealedBytes => 0;

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Int64(FirstSegment);
        writer.Int64(LastSegment);
        writer.Int64(FirstRecord);
        writer.Int64(LastRecord);
        writer.Int64(Newest.UtcTicks);
        writer.Int64(Entries);
        writer.Bytes(Chain);
        writer.Bytes(Edge);
        writer.Text(Rule);
    }

    public override string ToString() => nameof(PurgedRecord);
}
