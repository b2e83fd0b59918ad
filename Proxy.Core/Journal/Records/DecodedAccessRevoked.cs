namespace Proxy.Core.Journal.Records;

/// <summary>An <see cref="AccessRevokedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedAccessRevoked : DecodedRecord
{
    public required bool IsLifted { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required string Subject { get; init; }
    public required string Value { get; init; }
    public required string Issuer { get; init; }
    public required string RevokedBy { get; init; }
    public required string Reason { get; init; }

    public override RecordKind Kind => RecordKind.AccessRevoked;

    internal static DecodedAccessRevoked Read(ref RecordReader reader) => new()
    {
        IsLifted = reader.Byte() != 0,
        Until = reader.Time(),
        Subject = reader.Text(),
        Value = reader.Text(),
        Issuer = reader.Text(),
        RevokedBy = reader.Text(),
        Reason = reader.SealedText(),
    };
}
