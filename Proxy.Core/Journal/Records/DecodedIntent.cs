using System.Collections.Immutable;
using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="IntentRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedIntent : DecodedRecord
{
    public required Guid SessionId { get; init; }
    public required long StatementNumber { get; init; }
    public required IntentPhase Phase { get; init; }
    public required string StatementName { get; init; }
    public required byte[] Text { get; init; }
    public required ulong Fingerprint { get; init; }
    public required RiskClasses Risk { get; init; }
    public required Verdict Verdict { get; init; }
    public required string Rule { get; init; }
    public required MaskProfile Profile { get; init; }
    public required string PolicyVersion { get; init; }
    public required long CatalogueVersion { get; init; }
    public required ImmutableArray<string> Relations { get; init; }
    public required ulong Classes { get; init; }

    public override RecordKind Kind => RecordKind.Intent;

    internal static DecodedIntent Read(ref RecordReader reader) => new()
    {
        SessionId = reader.Guid(),
        StatementNumber = reader.Int64(),
        Phase = (IntentPhase)reader.Byte(),
        Fingerprint = (ulong)reader.Int64(),
        Risk = (RiskClasses)reader.Int32(),
        Verdict = (Verdict)reader.Byte(),
        Rule = reader.Text(),
        Profile = (MaskProfile)reader.Byte(),
        PolicyVersion = reader.Text(),
        CatalogueVersion = reader.Int64(),
        Relations = reader.Texts(),
        Classes = (ulong)reader.Int64(),
        StatementName = reader.SealedText(),
        Text = reader.SealedBytes(),
    };
}
