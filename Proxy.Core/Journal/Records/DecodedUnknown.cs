namespace Proxy.Core.Journal.Records;

/// <summary>A kind or version of record that this program does not know: a newer one wrote it.</summary>
public sealed class DecodedUnknown(RecordKind kind) : DecodedRecord
{
    public override RecordKind Kind => kind;
}
