namespace Proxy.Core.Journal.Heads;

/// <summary>Proofs over a Merkle tree, as RFC 9162 §2.1.3 and §2.1.4 define them. Leaves are given by their hashes, one behind the other.</summary>
public static class MerkleProof
{
    private const int HashBytes = MerkleTree.HashBytes;

    /// <summary>The hashes that lead from a leaf to the root, the lowest first.</summary>
    public static byte[][] Inclusion(long index, ReadOnlyMemory<byte> leaves) => Inclusion(index, known: 0, edge: [], leaves);

    /// <summary>The same for a leaf of a tree of whose beginning only the edge is left.</summary>
    /// <param name="index">Of the leaf, from 0; it is behind that beginning.</param>
    /// <param name="known">How many leaves the beginning has.</param>
    /// <param name="edge">Hashes of its complete subtrees, the smallest first.</param>
    /// <param name="leaves">All leaves behind it.</param>
    public static byte[][] Inclusion(long index, long known, byte[] edge, ReadOnlyMemory<byte> leaves)
    {
        long size = known + (leaves.Length / HashBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(index, known);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        return [.. new PartialTree(known, edge, leaves).PathOf(index, size)];
    }

    /// <summary>The hashes that show that the tree of the first <paramref name="oldSize"/> leaves is the beginning of this one.</summary>
    public static byte[][] Consistency(long oldSize, ReadOnlyMemory<byte> leaves)
    {
        long size = leaves.Length / HashBytes;
        if (oldSize < 1 || oldSize > size)
            throw new ArgumentOutOfRangeException(nameof(oldSize));
        var proof = new List<byte[]>();
        AddSubproof(oldSize, leaves, isWhole: true, proof);
        return [.. proof];
    }

    /// <summary>RFC 9162 §2.1.3.2.</summary>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leafHash, long index, long size, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size)
            return false;
        long fn = index, sn = size - 1;
        byte[] hash = leafHash.ToArray();
        foreach (byte[] sibling in path)
        {
            if (sn == 0)
                return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                MerkleTree.HashNode(sibling, hash, hash);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                MerkleTree.HashNode(hash, sibling, hash);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && root.SequenceEqual(hash);
    }

    /// <summary>RFC 9162 §2.1.4.2.</summary>
    public static bool VerifyConsistency(
        long oldSize, ReadOnlySpan<byte> oldRoot, long size, ReadOnlySpan<byte> root, IReadOnlyList<byte[]> proof)
    {
        if (oldSize < 1 || oldSize > size)
            return false;
        if (oldSize == size)
            return proof.Count == 0 && oldRoot.SequenceEqual(root);
        bool isPower = (oldSize & (oldSize - 1)) == 0;
        if (proof.Count == 0 && !isPower)
            return false;
        int next = 0;
        byte[] first = isPower ? oldRoot.ToArray() : proof[next++];
        long fn = oldSize - 1, sn = size - 1;
        while ((fn & 1) == 1)
        {
            fn >>= 1;
            sn >>= 1;
        }
        byte[] fr = [.. first], sr = [.. first];
        for (; next < proof.Count; next++)
        {
            if (sn == 0)
                return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                MerkleTree.HashNode(proof[next], fr, fr);
                MerkleTree.HashNode(proof[next], sr, sr);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                MerkleTree.HashNode(sr, proof[next], sr);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && oldRoot.SequenceEqual(fr) && root.SequenceEqual(sr);
    }

    private static void AddSubproof(long oldSize, ReadOnlyMemory<byte> leaves, bool isWhole, List<byte[]> proof)
    {
        long size = leaves.Length / HashBytes;
        if (oldSize == size)
        {
            if (!isWhole)
                proof.Add(RootOf(leaves));
            return;
        }
        long split = Split(size);
        (ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right) = Cut(leaves, split);
        if (oldSize <= split)
        {
            AddSubproof(oldSize, left, isWhole, proof);
            proof.Add(RootOf(right));
        }
        else
        {
            AddSubproof(oldSize - split, right, isWhole: false, proof);
            proof.Add(RootOf(left));
        }
    }

    private static byte[] RootOf(ReadOnlyMemory<byte> leaves)
    {
        var tree = new MerkleTree();
        for (int at = 0; at < leaves.Length; at += HashBytes)
            tree.Append(leaves.Span.Slice(at, HashBytes));
        return tree.Root();
    }

    /// <summary>The largest power of two below the size.</summary>
    internal static long Split(long size) => 1L << System.Numerics.BitOperations.Log2((ulong)size - 1);

    private static (ReadOnlyMemory<byte> Left, ReadOnlyMemory<byte> Right) Cut(ReadOnlyMemory<byte> leaves, long split)
    {
        int at = checked((int)(split * HashBytes));
        return (leaves[..at], leaves[at..]);
    }
}
