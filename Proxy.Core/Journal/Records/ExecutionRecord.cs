using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Core.Journal.Records;

/// <summary>Parameters and plan of one execution of a prepared statement, before its Bind is forwarded: planning runs user code already at Bind.</summary>
public readonly ref struct ExecutionRecord : IJournalRecord
{
    private const int FixedBytes = 50;

    public Guid SessionId { get; init; }

    /// <summary>Counts the statements of the session.</summary>
    public long StatementNumber { get; init; }

    /// <summary>The record number of the Intent with the text.</summary>
    public long IntentNumber { get; init; }

    /// <summary>Empty for the unnamed portal.</summary>
    public ReadOnlySpan<byte> PortalName { get; init; }

    /// <summary>As in Bind, from the number of parameter formats to the last parameter value. PHI.</summary>
    public ReadOnlySpan<byte> Parameters { get; init; }

    /// <summary>As they went on to the server, where tokens were translated; empty where nothing was. PHI.</summary>
    public ReadOnlySpan<byte> ForwardedParameters { get; init; }

    /// <summary>As in Bind, from the number of result formats on.</summary>
    public ReadOnlySpan<byte> ResultFormats { get; init; }
    public Verdict Verdict { get; init; }

    /// <summary>Empty for the default rule.</summary>
    public ReadOnlySpan<char> Rule { get; init; }
    public MaskProfile Profile { get; init; }
    public ReadOnlySpan<char> PolicyVersion { get; init; }
    public long CatalogueVersion { get; init; }

    /// <summary>As in Execute; 0 is no limit.</summary>
    public long MaxRows { get; init; }

    public RecordKind Kind => RecordKind.Execution;

    public int Measure() =>
        FixedBytes + RecordWriter.Measure(PortalName) + RecordWriter.Measure(Parameters) + RecordWriter.Measure(ResultFormats)
        + RecordWriter.Measure(Rule) + RecordWriter.Measure(PolicyVersion)
        + ForwardedBytes;

    public int SealedBytes => RecordWriter.Measure(PortalName) + RecordWriter.Measure(Parameters) + ForwardedBytes;

    private int ForwardedBytes => ForwardedParameters.IsEmpty ? 0 : RecordWriter.Measure(ForwardedParameters);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Guid(SessionId);
        writer.Int64(StatementNumber);
        writer.Int64(IntentNumber);
        writer.Bytes(ResultFormats);
        writer.Byte((byte)Verdict);
        writer.Text(Rule);
        writer.Byte((byte)Profile);
        writer.Text(PolicyVersion);
        writer.Int64(CatalogueVersion);
        writer.Int64(MaxRows);
        writer.Bytes(PortalName);
        writer.Bytes(Parameters);
        if (!ForwardedParameters.IsEmpty)
            writer.Bytes(ForwardedParameters);
    }

    public override string ToString() => nameof(ExecutionRecord);
}
