namespace Proxy.Core.Journal.Records;

/// <summary>A client was admitted: who, from where, to what. An empty text is a fact that the token or the client did not state.</summary>
public readonly ref struct SessionOpenedRecord : IJournalRecord
{
    private const int FixedBytes = 16;

    public Guid SessionId { get; init; }
    public ReadOnlySpan<char> Issuer { get; init; }
    public ReadOnlySpan<char> Subject { get; init; }
    public ReadOnlySpan<char> Agent { get; init; }
    public ReadOnlySpan<char> Human { get; init; }
    public ReadOnlySpan<string> Groups { get; init; }
    public ReadOnlySpan<char> TokenId { get; init; }
    public ReadOnlySpan<char> ClientAddress { get; init; }
    public ReadOnlySpan<char> Target { get; init; }
    public ReadOnlySpan<char> Database { get; init; }
    public ReadOnlySpan<char> DatabaseUser { get; init; }
    public ReadOnlySpan<char> Protocol { get; init; }

    /// <summary>As the client declared it.</summary>
    public ReadOnlySpan<char> ApplicationName { get; init; }
    public ReadOnlySpan<char> PolicyVersion { get; init; }

    public RecordKind Kind => RecordKind.SessionOpened;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(Issuer) + RecordWriter.Measure(Subject) + RecordWriter.Measure(Agent)
        + RecordWriter.Measure(Human) + RecordWriter.Measure(Groups) + RecordWriter.Measure(TokenId)
        + RecordWriter.Measure(ClientAddress) + RecordWriter.Measure(Target) + RecordWriter.Measure(Database)
        + RecordWriter.Measure(DatabaseUser) + RecordWriter.Measure(Protocol) + RecordWriter.Measure(ApplicationName)
        + RecordWriter.Measure(PolicyVersion);

    public int SealedBytes => RecordWriter.Measure(ApplicationName);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Guid(SessionId);
        writer.Text(Issuer);
        writer.Text(Subject);
        writer.Text(Agent);
        writer.Text(Human);
        writer.Texts(Groups);
        writer.Text(TokenId);
        writer.Text(ClientAddress);
        writer.Text(Target);
        writer.Text(Database);
        writer.Text(DatabaseUser);
        writer.Text(Protocol);
        writer.Text(PolicyVersion);
        writer.Text(ApplicationName);
    }

    public override string ToString() => nameof(SessionOpenedRecord);
}
