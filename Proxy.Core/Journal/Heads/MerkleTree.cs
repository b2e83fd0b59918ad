using System.Security.Cryptography;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// The right edge of a Merkle tree (RFC 9162 §2.1): one hash for each complete subtree, which is one for each bit of the size. Enough to append and
/// to say the root; 2 KB however long the journal is.
/// </summary>
internal sealed class MerkleTree
{
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const int LevelsMax = 63;
    private const byte NodePrefix = 1;

    private readonly byte[] _edge = new byte[LevelsMax * HashBytes];

    public long Size { get; private set; }

    /// <summary>The hashes of the complete subtrees, the smallest first: what <see cref="Restore"/> takes.</summary>
    public byte[] Edge()
    {
        var edge = new List<byte>();
        for (int level = 0; level < LevelsMax; level++)
        {
            if ((Size >> level & 1) != 0)
                edge.AddRange(Subtree(level));
        }
        return [.. edge];
    }

    /// <summary>False when the edge has another length than a tree of this size has.</summary>
    public bool Restore(long size, ReadOnlySpan<byte> edge)
    {
        if (size < 0 || edge.Length != System.Numerics.BitOperations.PopCount((ulong)size) * HashBytes)
            return false;
        Size = size;
        for (int level = 0; level < LevelsMax; level++)
        {
            if ((size >> level & 1) == 0)
                continue;
            edge[..HashBytes].CopyTo(Subtree(level));
            edge = edge[HashBytes..];
        }
        return true;
    }

    public void Append(ReadOnlySpan<byte> leafHash)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        leafHash.CopyTo(hash);
        int level = 0;
        for (; (Size >> level & 1) != 0; level++)
            HashNode(Subtree(level), hash, hash);
        hash.CopyTo(Subtree(level));
        Size++;
    }

    /// <summary>The root of what was appended so far; of nothing, the hash of nothing.</summary>
    public byte[] Root()
    {
        byte[] root = new byte[HashBytes];
        if (Size == 0)
        {
            SHA256.HashData([], root);
            return root;
        }
        bool isFirst = true;
        for (int level = 0; level < LevelsMax; level++)
        {
            if ((Size >> level & 1) == 0)
                continue;
            if (isFirst)
                Subtree(level).CopyTo(root);
            else
                HashNode(Subtree(level), root, root);
            isFirst = false;
        }
        return root;
    }

    public static void HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        Span<byte> node = stackalloc byte[1 + 2 * HashBytes];
        node[0] = NodePrefix;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashBytes)..]);
        NativeSha256.Hash(node, default, destination);
    }

    private Span<byte> Subtree(int level) => _edge.AsSpan(level * HashBytes, HashBytes);
}
