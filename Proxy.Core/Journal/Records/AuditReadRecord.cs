namespace Proxy.Core.Journal.Records;

/// <summary>Somebody read the audit. Kept in a journal of its own beside the one that was read.</summary>
public readonly ref struct AuditReadRecord : IJournalRecord
{
    private const int FixedBytes = 1;

    /// <summary>The account of the operating system, and the machine.</summary>
    public ReadOnlySpan<char> Reader { get; init; }

    /// <summary>The command, without what was asked for.</summary>
    public ReadOnlySpan<char> Command { get; init; }

    /// <summary>Whether the sealing key was used.</summary>
    public bool IsUnsealed { get; init; }

    /// <summary>What was asked for. May name a patient.</summary>
    public ReadOnlySpan<char> Arguments { get; init; }

    public RecordKind Kind => RecordKind.AuditRead;

    public int Measure() => FixedBytes + RecordWriter.Measure(Reader) + RecordWriter.Measure(Command) + RecordWriter.Measure(Arguments);

    public int SealedBytes => RecordWriter.Measure(Arguments);

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Text(Reader);
        writer.Text(Command);
        writer.Byte(IsUnsealed ? (byte)1 : (byte)0);
        writer.Text(Arguments);
    }

    public override string ToString() => nameof(AuditReadRecord);
}
