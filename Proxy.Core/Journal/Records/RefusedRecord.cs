using Proxy.Core.Policy;

namespace Proxy.Core.Journal.Records;

/// <summary>A statement was refused. It never reached the server.</summary>
public readonly ref struct RefusedRecord : IJournalRecord
{
    private const int FixedBytes = 28;

    public Guid SessionId { get; init; }

    /// <summary>The Intent or Execution that it concludes; 0 when the statement was refused before it had one.</summary>
    public long IntentNumber { get; init; }

    /// <summary>The refusal code.</summary>
    public ReadOnlySpan<char> Code { get; init; }
    public ReadOnlySpan<char> SqlState { get; init; }

    /// <summary>Empty for the default rule.</summary>
    public ReadOnlySpan<char> Rule { get; init; }
    public RiskClasses Risk { get; init; }

    public RecordKind Kind => RecordKind.Refused;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(Code) + RecordWriter.Measure(SqlState) + RecordWriter.Measure(Rule);

    public int SealedBytes => 0;

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Guid(SessionId);
        writer.Int64(IntentNumber);
        writer.Text(Code);
        writer.Text(SqlState);
        writer.Text(Rule);
        writer.Int32((int)Risk);
    }

    public override string ToString() => nameof(RefusedRecord);
}
