namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="CredentialIssuedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedCredentialIssued : DecodedRecord
{
    public required int Connections { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required string Grant { get; init; }
    public required string Issuer { get; init; }
    public required string Subject { get; init; }
    public required string Agent { get; init; }
    public required string Human { get; init; }
    public required string TokenId { get; init; }
    public required string ClientAddress { get; init; }
    public required string Target { get; init; }
    public required string Database { get; init; }
    public required string Scope { get; init; }
    public required string Reason { get; init; }
    public required string Task { get; init; }

    public override RecordKind Kind => RecordKind.CredentialIssued;

    internal static DecodedCredentialIssued Read(ref RecordReader reader) => new()
    {
        Connections = reader.Int32(),
        ExpiresAt = reader.Time(),
        Grant = reader.Text(),
        Issuer = reader.Text(),
        Subject = reader.Text(),
        Agent = reader.Text(),
        Human = reader.Text(),
        TokenId = reader.Text(),
        ClientAddress = reader.Text(),
        Target = reader.Text(),
        Database = reader.Text(),
        Scope = reader.Text(),
        Reason = reader.SealedText(),
        Task = reader.SealedText(),
    };
}
