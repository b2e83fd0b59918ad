using System.Numerics;

namespace Proxy.Core.Journal.Heads;

/// <summary>A Merkle tree of whose first leaves only the complete subtrees are known, and of the others all: enough for the path of any of the others.</summary>
/// <param name="known">How many the first leaves are.</param>
/// <param name="edge">The hashes of their complete subtrees, the smallest first.</param>
/// <param name="leaves">The others, by their hashes.</param>
internal sealed class PartialTree(long known, byte[] edge, ReadOnlyMemory<byte> leaves)
{
    private const int HashBytes = MerkleTree.HashBytes;

    /// <summary>The hashes beside the way from a leaf to the root, the lowest first.</summary>
    public List<byte[]> PathOf(long index, long size)
    {
        var path = new List<byte[]>();
        Add(index, 0, size, path);
        return path;
    }

    private void Add(long index, long from, long to, List<byte[]> path)
    {
        if (to - from == 1)
            return;
        long split = from + MerkleProof.Split(to - from);
        if (index < split)
            Add(index, from, split, path);
        else
            Add(index, split, to, path);
        path.Add(index < split ? RootOf(split, to) : RootOf(from, split));
    }

    private byte[] RootOf(long from, long to)
    {
        if (from >= known)
        {
            var tree = new MerkleTree();
            for (long leaf = from; leaf < to; leaf++)
                tree.Append(leaves.Span.Slice(checked((int)((leaf - known) * HashBytes)), HashBytes));
            return tree.Root();
        }
        if (to <= known)
            return SubtreeOf(from, to);
        long split = from + MerkleProof.Split(to - from);
        byte[] root = new byte[HashBytes];
        MerkleTree.HashNode(RootOf(from, split), RootOf(split, to), root);
        return root;
    }

    /// <summary>Beside the way to a leaf that comes later, what lies in the known part is one of its complete subtrees (RFC 9162 §2.1.3.1 splits at powers of two).</summary>
    private byte[] SubtreeOf(long from, long to)
    {
        long count = to - from;
        if (!BitOperations.IsPow2(count) || (known & count) == 0 || from != (known & ~((2 * count) - 1)))
            throw new ArgumentOutOfRangeException(nameof(from), "The tree is not known there.");
        int at = BitOperations.PopCount((ulong)(known & (count - 1)));
        return edge.AsSpan(at * HashBytes, HashBytes).ToArray();
    }
}
