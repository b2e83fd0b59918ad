using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="ExecutionRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedExecution : DecodedRecord
{
    public required Guid SessionId { get; init; }
    public required long StatementNumber { get; init; }
    public required long IntentNumber { get; init; }
    public required string PortalName { get; init; }
    public required byte[] Parameters { get; init; }

    /// <summary>Empty where the server got the parameters as they came.</summary>
    public required byte[] ForwardedParameters { get; init; }
    public required byte[] ResultFormats { get; init; }
    public required Verdict Verdict { get; init; }
    public required string Rule { get; init; }
    public required MaskProfile Profile { get; init; }
    public required string PolicyVersion { get; init; }
    public required long CatalogueVersion { get; init; }
    public required long MaxRows { get; init; }

    public override RecordKind Kind => RecordKind.Execution;

    internal static DecodedExecution Read(ref RecordReader reader) => new()
    {
        SessionId = reader.Guid(),
        StatementNumber = reader.Int64(),
        IntentNumber = reader.Int64(),
        ResultFormats = reader.Bytes(),
        Verdict = (Verdict)reader.Byte(),
        Rule = reader.Text(),
        Profile = (MaskProfile)reader.Byte(),
        PolicyVersion = reader.Text(),
        CatalogueVersion = reader.Int64(),
        MaxRows = reader.Int64(),
        PortalName = reader.SealedText(),
        Parameters = reader.SealedBytes(),
        ForwardedParameters = reader.OptionalSealedBytes(),
    };
}
