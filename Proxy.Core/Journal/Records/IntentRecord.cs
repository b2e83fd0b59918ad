using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Core.Journal.Records;

/// <summary>The text of a statement, and what was decided about it, before any message that carries or names it is forwarded.</summary>
public readonly ref struct IntentRecord : IJournalRecord
{
    private const int FixedBytes = 55;

    public Guid SessionId { get; init; }

    /// <summary>Counts the statements of the session.</summary>
    public long StatementNumber { get; init; }
    public IntentPhase Phase { get; init; }

    /// <summary>Empty for the unnamed statement and for a simple query.</summary>
    public ReadOnlySpan<byte> StatementName { get; init; }

    /// <summary>The bytes that are forwarded, in the session's client encoding. PHI.</summary>
    public ReadOnlySpan<byte> Text { get; init; }
    public ulong Fingerprint { get; init; }
    public RiskClasses Risk { get; init; }
    public Verdict Verdict { get; init; }

    /// <summary>Relations of the catalogue that the text names, sorted.</summary>
    public ReadOnlySpan<string> Relations { get; init; }

    /// <summary>Which identifiers they hold: one bit for each <see cref="Catalogue.IdentifierClass"/>.</summary>
    public ulong Classes { get; init; }

    /// <summary>Empty for the default rule.</summary>
    public ReadOnlySpan<char> Rule { get; init; }
    public MaskProfile Profile { get; init; }
    public ReadOnlySpan<char> PolicyVersion { get; init; }
    public long CatalogueVersion { get; init; }

    public RecordKind Kind => RecordKind.Intent;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(StatementName) + RecordWriter.Measure(Text) + RecordWriter.Measure(Rule) + RecordWriter.Measure(Relations)
        + RecordWriter.Measure(PolicyVersion);

    public int SealedBytes => RecordWriter.Measure(StatementName) + RecordWriter.Measure(Text);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Guid(SessionId);
        writer.Int64(StatementNumber);
        writer.Byte((byte)Phase);
        writer.Int64((long)Fingerprint);
        writer.Int32((int)Risk);
        writer.Byte((byte)Verdict);
        writer.Text(Rule);
        writer.Byte((byte)Profile);
        writer.Text(PolicyVersion);
        writer.Int64(CatalogueVersion);
        writer.Texts(Relations);
        writer.Int64((long)Classes);
        writer.Bytes(StatementName);
        writer.Bytes(Text);
    }

    public override string ToString() => nameof(IntentRecord);
}
