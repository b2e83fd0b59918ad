namespace Proxy.Core.Journal.Records;

/// <summary>Another policy or configuration governs from here on.</summary>
public readonly ref struct ConfigurationChangedRecord : IJournalRecord
{
    /// <summary>Empty at start-up.</summary>
    public ReadOnlySpan<char> OldVersion { get; init; }
    public ReadOnlySpan<char> NewVersion { get; init; }

    /// <summary>Who answers for it, if it says so itself, and where it was read from.</summary>
    public ReadOnlySpan<char> ChangedBy { get; init; }

    /// <summary>SHA-256 of what was loaded.</summary>
    public ReadOnlySpan<byte> Digest { get; init; }

    public RecordKind Kind => RecordKind.ConfigurationChanged;

    public int Measure() =>
        RecordWriter.Measure(OldVersion) + RecordWriter.Measure(NewVersion) + RecordWriter.Measure(ChangedBy)
        + RecordWriter.Measure(Digest);

    public int SealedBytes => 0;

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Text(OldVersion);
        writer.Text(NewVersion);
        writer.Text(ChangedBy);
        writer.Bytes(Digest);
    }

    public override string ToString() => nameof(ConfigurationChangedRecord);
}
