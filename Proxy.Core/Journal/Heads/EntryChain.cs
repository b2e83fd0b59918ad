using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// Chains the entries of a journal and joins them in its Merkle tree. An entry is one run of a segment's bytes: its header, a record with its
/// padding, a torn place, or what follows the last record. The hash of an entry is SHA-256(0x00 ‖ hash of the entry before ‖ its bytes): it is at
/// once the link of the chain and, by RFC 9162 §2.1, the leaf hash of (hash before ‖ bytes). So one hash, and half a node's, is all that an entry costs. An entry of
/// more than 2,048 bytes (a header, an answer, a long text) goes by the digests of its pieces, and is told apart by its first byte: SHA-256(0x02 ‖ hash before ‖ digests).
/// </summary>
internal sealed class EntryChain
{
    private const int PrefixBytes = 1 + MerkleTree.HashBytes;

    /// <summary>RFC 9162 has 0x00 for a leaf and 0x01 for a node.</summary>
    private const byte Whole = 0;
    private const byte InPieces = 2;

    [ThreadStatic]
    private static StreamedSha256? _long;

    // 0x00 and the hash of the entry before: what is hashed in front of an entry.
    private readonly byte[] _prefix = new byte[PrefixBytes];
    private BackgroundTree? _background;

    public MerkleTree Tree { get; } = new();

    /// <summary>Entries so far.</summary>
    public long Size => _background?.Size ?? Tree.Size;

    /// <summary>Hash of the last entry; zeros before the first.</summary>
    public ReadOnlySpan<byte> Last => _prefix.AsSpan(1, MerkleTree.HashBytes);

    /// <summary>From now on the tree grows on another thread: it is to be looked at after <see cref="Settle"/> only.</summary>
    public void GrowIn(BackgroundTree background) => _background = background;

    public void Settle() => _background?.Settle();

    public void Restore(ReadOnlySpan<byte> last) => last.CopyTo(_prefix.AsSpan(1));

    public void Add(ReadOnlySpan<byte> entry)
    {
        if (entry.Length <= PieceDigests.PieceBytes)
            NativeSha256.Hash(_prefix, entry, _prefix.AsSpan(1, MerkleTree.HashBytes));
        else
            HashLong(_long ??= new StreamedSha256(), _prefix, entry);
        Join();
    }

    /// <summary>The hash of one entry for itself.</summary>
    /// <param name="before">Hash of the entry before.</param>
    /// <param name="entry">Its bytes.</param>
    public static byte[] HashOf(ReadOnlySpan<byte> before, ReadOnlySpan<byte> entry)
    {
        EntryChain chain = new();
        chain.Restore(before);
        chain.Add(entry);
        return chain.Last.ToArray();
    }

    /// <summary>Adds the header of a segment, without what is written into it later: those bytes are checked against the records.</summary>
    public void AddHeader(ReadOnlySpan<byte> page)
    {
        ReadOnlySpan<byte> known = SegmentHeader.EntryHashOf(page);
        if (!known.IsEmpty)
        {
            Restore(known);
            Join();
            return;
        }
        Span<byte> constant = stackalloc byte[SegmentHeader.Bytes];
        page[..SegmentHeader.Bytes].CopyTo(constant);
        SegmentHeader.ClearLate(constant);
        Add(constant);
    }

    /// <summary>Adds what lies behind the last record of a segment that has ended, up to the last byte that is not zero; nothing if all are.</summary>
    public void AddTrailer(ReadOnlySpan<byte> rest)
    {
        int last = rest.LastIndexOfAnyExcept((byte)0);
        if (last >= 0)
            Add(rest[..(last + 1)]);
    }

    /// <summary>The number in the header of a record.</summary>
    public static long NumberOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[8..]);

    [SkipLocalsInit]
    private static void HashLong(StreamedSha256 hash, Span<byte> prefix, ReadOnlySpan<byte> entry)
    {
        Span<byte> digests = stackalloc byte[PieceDigests.DigestBytes];
        prefix[0] = InPieces;
        hash.Append(prefix);
        prefix[0] = Whole;
        for (; !entry.IsEmpty; entry = entry[Math.Min(entry.Length, PieceDigests.GroupBytes)..])
            hash.Append(digests[..PieceDigests.Write(entry[..Math.Min(entry.Length, PieceDigests.GroupBytes)], digests)]);
        hash.Finish(prefix[1..]);
    }

    private void Join()
    {
        ReadOnlySpan<byte> last = Last;
        if (_background is null)
            Tree.Append(last);
        else
            _background.Append(last);
    }
}
