namespace Proxy.Core.Journal;

/// <summary>A record that can say how long it is and write itself. Implementations are ref structs, so that appending copies once and allocates nothing.</summary>
public interface IJournalRecord
{
    RecordKind Kind { get; }

    /// <summary>Exact length of what <see cref="Write"/> writes, in bytes.</summary>
    int Measure();

    /// <summary>How many bytes at the end of what is written are for those only who have the key: what a client sent or was shown, and names it chose.</summary>
    int SealedBytes { get; }

    /// <summary>Writes exactly <see cref="Measure"/> bytes.</summary>
    void Write(Span<byte> destination);
}
