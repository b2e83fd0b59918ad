namespace Proxy.Core.Journal.Records;

/// <summary>A token was traded for a one-time credential: for whom, for what, and how far it reaches. Nothing of the credential but its name.</summary>
public readonly ref struct CredentialIssuedRecord : IJournalRecord
{
    private const int FixedBytes = sizeof(int) + sizeof(long);

    /// <summary>The user name of the credential.</summary>
    public ReadOnlySpan<char> Grant { get; init; }
    public ReadOnlySpan<char> Issuer { get; init; }
    public ReadOnlySpan<char> Subject { get; init; }
    public ReadOnlySpan<char> Agent { get; init; }
    public ReadOnlySpan<char> Human { get; init; }
    public ReadOnlySpan<char> TokenId { get; init; }
    public ReadOnlySpan<char> ClientAddress { get; init; }
    public ReadOnlySpan<char> Target { get; init; }
    public ReadOnlySpan<char> Database { get; init; }

    /// <summary>session or request.</summary>
    public ReadOnlySpan<char> Scope { get; init; }

    /// <summary>Self-declared.</summary>
    public ReadOnlySpan<char> Reason { get; init; }

    /// <summary>As the request for the credential stated it: self-declared.</summary>
    public ReadOnlySpan<char> Task { get; init; }

    public int Connections { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public RecordKind Kind => RecordKind.CredentialIssued;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(Grant) + RecordWriter.Measure(Issuer) + RecordWriter.Measure(Subject)
        + RecordWriter.Measure(Agent) + RecordWriter.Measure(Human) + RecordWriter.Measure(TokenId) + RecordWriter.Measure(ClientAddress)
        + RecordWriter.Measure(Target) + RecordWriter.Measure(Database) + RecordWriter.Measure(Scope) + RecordWriter.Measure(Reason)
        + RecordWriter.Measure(Task);

    /// <summary>What people wrote.</summary>
    public int SealedBytes => RecordWriter.Measure(Reason) + RecordWriter.Measure(Task);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Int32(Connections);
        writer.Int64(ExpiresAt.UtcTicks);
        writer.Text(Grant);
        writer.Text(Issuer);
        writer.Text(Subject);
        writer.Text(Agent);
        writer.Text(Human);
        writer.Text(TokenId);
        writer.Text(ClientAddress);
        writer.Text(Target);
        writer.Text(Database);
        writer.Text(Scope);
        writer.Text(Reason);
        writer.Text(Task);
    }

    public override string ToString() => nameof(CredentialIssuedRecord);
}
