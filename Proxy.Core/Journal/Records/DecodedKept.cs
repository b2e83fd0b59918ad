using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Segments;
using Proxy.Core.Journal.Verification;

namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="KeptRecord"/> read back: the record that it holds, and the proof of it.</summary>
public sealed class DecodedKept : DecodedRecord
{
    private readonly RecordHeader _header;
    private readonly byte[] _dataKey;

    private DecodedKept(byte[] entry, byte[] dataKey)
    {
        Entry = entry;
        _dataKey = dataKey;
        _header = DetachedRecord.HeaderOf(entry);
    }

    public required long Segment { get; init; }
    public required long Index { get; init; }
    public required byte[] Before { get; init; }
    public byte[] Entry { get; }
    public required byte[][] Path { get; init; }
    public required string Head { get; init; }

    /// <summary>Empty when nothing is sealed, what is was erased, or this record itself was not opened.</summary>
    internal ReadOnlySpan<byte> DataKey => _dataKey;

    /// <summary>The number that the record has.</summary>
    public long Number => _header.Number;

    /// <summary>When it was appended.</summary>
    public DateTimeOffset Time => new(_header.Ticks, TimeSpan.Zero);

    /// <summary>What kind it is of.</summary>
    public RecordKind KeptKind => _header.Kind;

    public override RecordKind Kind => RecordKind.Kept;

    /// <summary>What proves that it was in the journal; null when its head is none, or the hash before is of another length, so that the record would begin elsewhere.</summary>
    public RecordProof? Proof =>
        Before.Length == MerkleTree.HashBytes && SignedHead.Parse(Head) is { } head && head.ToString() == Head
            ? new RecordProof(Index, Before, Entry, EntryChain.HashOf(Before, Entry), Path, head)
            : null;

    /// <summary>The record as it was read when its segment was there; sealed where its key is not at hand.</summary>
    /// <exception cref="JournalFormatException">It does not open with its key.</exception>
    public JournalEntry Open() => DetachedRecord.Open(Entry, Segment, _dataKey);

    internal static DecodedKept Read(ref RecordReader reader)
    {
        long segment = reader.Int64(), index = reader.Int64();
        byte[] before = reader.Bytes(), entry = reader.Bytes(), path = reader.Bytes();
        string head = reader.Text();
        byte[] dataKey = reader.SealedBytes();
        if (path.Length % MerkleTree.HashBytes != 0)
            throw new JournalFormatException("The body of a journal record is malformed.");
        return new DecodedKept(entry, dataKey)
        {
            Segment = segment,
            Index = index,
            Before = before,
            Path = [.. path.Chunk(MerkleTree.HashBytes)],
            Head = head,
        };
    }
}
