namespace Proxy.Core.Journal.Records;

/// <summary>Somebody reviewed what happened in a period and signs for it (45 CFR 164.308(a)(1)(ii)(D)). Kept beside the reads of the audit.</summary>
public readonly ref struct ReviewRecord : IJournalRecord
{
    private const int FixedBytes = 36;

    /// <summary>Who signs, as they call themselves.</summary>
    public ReadOnlySpan<char> Reviewer { get; init; }

    /// <summary>The account of the operating system, and the machine.</summary>
    public ReadOnlySpan<char> Account { get; init; }

    /// <summary>The period: from, inclusive, to, exclusive.</summary>
    public DateTimeOffset From { get; init; }
    public DateTimeOffset To { get; init; }

    /// <summary>The first and last record of the journal that the report saw; 0 when it had none.</summary>
    public long FirstRecord { get; init; }
    public long LastRecord { get; init; }

    /// <summary>SHA-256 of the report as JSON, which whoever has the journal can make again.</summary>
    public ReadOnlySpan<byte> Digest { get; init; }

    /// <summary>Numbers of records that were found to need something done.</summary>
    public ReadOnlySpan<long> Findings { get; init; }

    /// <summary>What was found, in words. May name a patient.</summary>
    public ReadOnlySpan<char> Note { get; init; }

    public RecordKind Kind => RecordKind.Review;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(Reviewer) + RecordWriter.Measure(Account) + RecordWriter.Measure(Digest)
        + (Findings.Length * sizeof(long)) + RecordWriter.Measure(Note);

    public int SealedBytes => RecordWriter.Measure(Note);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Text(Reviewer);
        writer.Text(Account);
        writer.Int64(From.UtcTicks);
        writer.Int64(To.UtcTicks);
        writer.Int64(FirstRecord);
        writer.Int64(LastRecord);
        writer.Bytes(Digest);
        writer.Int32(Findings.Length);
        foreach (var number in Findings)
            writer.Int64(number);
        writer.Text(Note);
    }

    public override string ToString() => nameof(ReviewRecord);
}
