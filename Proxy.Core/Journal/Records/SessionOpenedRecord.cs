using Proxy.Core.Policy;

namespace Proxy.Core.Journal.Records;

/// <summary>A client was admitted: who, from where, to what. An empty text is a fact that the token or the client did not state.</summary>
public readonly ref struct SessionOpenedRecord : IJournalRecord
{
    private const int FixedBytes = 16 + IdentityMarksFormat.Bytes;

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

    /// <summary>What the agent is working on.</summary>
    public ReadOnlySpan<char> Task { get; init; }

    /// <summary>Where the agent runs.</summary>
    public ReadOnlySpan<char> Workload { get; init; }

    /// <summary>Why, in the words of whoever asked for the credential: self-declared, and never to be trusted.</summary>
    public ReadOnlySpan<char> Reason { get; init; }

    /// <summary>The one-time credential that was used; empty when it was a token.</summary>
    public ReadOnlySpan<char> Grant { get; init; }

    /// <summary>How the client proved itself: token, oauthbearer, scram-sha-256, scram-sha-256-plus.</summary>
    public ReadOnlySpan<char> SignInMethod { get; init; }

    /// <summary>The actors of a delegated token (RFC 8693), the present one first.</summary>
    public ReadOnlySpan<string> Actors { get; init; }

    /// <summary>How agent, human, task, workload and groups are known.</summary>
    public IdentityMarks? Marks { get; init; }

    public RecordKind Kind => RecordKind.SessionOpened;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(Issuer) + RecordWriter.Measure(Subject) + RecordWriter.Measure(Agent)
        + RecordWriter.Measure(Human) + RecordWriter.Measure(Groups) + RecordWriter.Measure(TokenId)
        + RecordWriter.Measure(ClientAddress) + RecordWriter.Measure(Target) + RecordWriter.Measure(Database)
        + RecordWriter.Measure(DatabaseUser) + RecordWriter.Measure(Protocol) + RecordWriter.Measure(ApplicationName)
        + RecordWriter.Measure(PolicyVersion) + RecordWriter.Measure(Task) + RecordWriter.Measure(Workload) + RecordWriter.Measure(Reason)
        + RecordWriter.Measure(Grant) + RecordWriter.Measure(SignInMethod) + RecordWriter.Measure(Actors);

    public int SealedBytes => RecordWriter.Measure(ApplicationName) + RecordWriter.Measure(Reason);

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
        writer.Text(Task);
        writer.Text(Workload);
        writer.Text(Grant);
        writer.Text(SignInMethod);
        writer.Texts(Actors);
        IdentityMarksFormat.Write(ref writer, Marks);
        writer.Text(ApplicationName);
        writer.Text(Reason);
    }

    public override string ToString() => nameof(SessionOpenedRecord);
}
