namespace Proxy.Core.Journal.Records;

/// <summary>An <see cref="AuditReadRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedAuditRead : DecodedRecord
{
    public required string Reader { get; init; }
    public required string Command { get; init; }
    public required bool IsUnsealed { get; init; }
    public required string Arguments { get; init; }

    public override RecordKind Kind => RecordKind.AuditRead;

    internal static DecodedAuditRead Read(ref RecordReader reader) => new()
    {
        Reader = reader.Text(),
        Command = reader.Text(),
        IsUnsealed = reader.Byte() != 0,
        Arguments = reader.SealedText(),
    };
}
