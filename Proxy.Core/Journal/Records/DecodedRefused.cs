using Proxy.Core.Policy;

namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="RefusedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedRefused : DecodedRecord
{
    public required Guid SessionId { get; init; }
    public required long IntentNumber { get; init; }
    public required string Code { get; init; }
    public required string SqlState { get; init; }
    public required string Rule { get; init; }
    public required RiskClasses Risk { get; init; }

    public override RecordKind Kind => RecordKind.Refused;

    internal static DecodedRefused Read(ref RecordReader reader) => new()
    {
        SessionId = reader.Guid(),
        IntentNumber = reader.Int64(),
        Code = reader.Text(),
        SqlState = reader.Text(),
        Rule = reader.Text(),
        Risk = (RiskClasses)reader.Int32(),
    };
}
