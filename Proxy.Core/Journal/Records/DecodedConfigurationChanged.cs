namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="ConfigurationChangedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedConfigurationChanged : DecodedRecord
{
    public required string OldVersion { get; init; }
    public required string NewVersion { get; init; }
    public required string ChangedBy { get; init; }
    public required byte[] Digest { get; init; }

    public override RecordKind Kind => RecordKind.ConfigurationChanged;

    internal static DecodedConfigurationChanged Read(ref RecordReader reader) => new()
    {
        OldVersion = reader.Text(),
        NewVersion = reader.Text(),
        ChangedBy = reader.Text(),
        Digest = reader.Bytes(),
    };
}
