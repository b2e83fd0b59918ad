namespace Proxy.Core.Journal.Records;

/// <summary>A client was turned away before it had a session.</summary>
public readonly ref struct SignInRefusedRecord : IJournalRecord
{
    public ReadOnlySpan<char> ClientAddress { get; init; }

    /// <summary>What it asked for; may be the name of nothing.</summary>
    public ReadOnlySpan<char> Target { get; init; }

    /// <summary>The refusal code.</summary>
    public ReadOnlySpan<char> Code { get; init; }

    /// <summary>Why, without a secret: never the token.</summary>
    public ReadOnlySpan<char> Detail { get; init; }

    public RecordKind Kind => RecordKind.SignInRefused;

    public int Measure() =>
        RecordWriter.Measure(ClientAddress) + RecordWriter.Measure(Target) + RecordWriter.Measure(Code)
        + RecordWriter.Measure(Detail);

    public int SealedBytes => 0;

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Text(ClientAddress);
        writer.Text(Target);
        writer.Text(Code);
        writer.Text(Detail);
    }

    public override string ToString() => nameof(SignInRefusedRecord);
}
