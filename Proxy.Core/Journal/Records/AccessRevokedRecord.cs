namespace Proxy.Core.Journal.Records;

/// <summary>Access was revoked, or a revocation lifted, and by whom. Written before any session is told.</summary>
public readonly ref struct AccessRevokedRecord : IJournalRecord
{
    private const int FixedBytes = sizeof(byte) + sizeof(long);

    /// <summary>What is revoked: token, agent, human, grant, session.</summary>
    public ReadOnlySpan<char> Subject { get; init; }

    /// <summary>Which one.</summary>
    public ReadOnlySpan<char> Value { get; init; }

    /// <summary>Of which issuer; empty for any.</summary>
    public ReadOnlySpan<char> Issuer { get; init; }

    /// <summary>Who did it, as the gateway knows it: a user of this machine, or an identity.</summary>
    public ReadOnlySpan<char> RevokedBy { get; init; }

    public ReadOnlySpan<char> Reason { get; init; }

    /// <summary>Until when it stands.</summary>
    public DateTimeOffset Until { get; init; }

    public bool IsLifted { get; init; }

    public RecordKind Kind => RecordKind.AccessRevoked;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(Subject) + RecordWriter.Measure(Value) + RecordWriter.Measure(Issuer)
        + RecordWriter.Measure(RevokedBy) + RecordWriter.Measure(Reason);

    /// <summary>What people wrote.</summary>
    public int SealedBytes => RecordWriter.Measure(Reason);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Byte(IsLifted ? (byte)1 : (byte)0);
        writer.Int64(Until.UtcTicks);
        writer.Text(Subject);
        writer.Text(Value);
        writer.Text(Issuer);
        writer.Text(RevokedBy);
        writer.Text(Reason);
    }

    public override string ToString() => nameof(AccessRevokedRecord);
}
