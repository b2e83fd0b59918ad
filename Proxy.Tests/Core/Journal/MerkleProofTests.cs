using System.Security.Cryptography;
using NUnit.Framework;
using Proxy.Core.Journal.Heads;

namespace Proxy.Tests.Core.Journal;

/// <summary>Trees of RFC 9162 against its own recursive definition, and proofs for every index and every pair of sizes up to 40.</summary>
public sealed class MerkleProofTests
{
    private const int SizeMax = 40;

    private static readonly byte[] Leaves = [.. Enumerable.Range(0, SizeMax).SelectMany(i => SHA256.HashData([0, (byte)i]))];

    [Test]
    public void The_root_is_the_one_that_the_definition_gives()
    {
        for (int size = 1; size <= SizeMax; size++)
            Assert.That(Root(size), Is.EqualTo(Definition(Leaves.AsSpan(0, size * 32).ToArray())), $"{size} leaves");
    }

    [Test]
    public void The_root_of_nothing_is_the_hash_of_nothing() => Assert.That(new MerkleTree().Root(), Is.EqualTo(SHA256.HashData([])));

    [Test]
    public void Every_leaf_is_proven_and_no_other_leaf_by_the_same_proof()
    {
        for (int size = 1; size <= SizeMax; size++)
        {
            for (int index = 0; index < size; index++)
            {
                byte[][] path = MerkleProof.Inclusion(index, Leaves.AsMemory(0, size * 32));
                Assert.That(MerkleProof.VerifyInclusion(Leaf(index), index, size, path, Root(size)), Is.True, $"{index} of {size}");
                Assert.That(MerkleProof.VerifyInclusion(Leaf((index + 1) % SizeMax), index, size, path, Root(size)), Is.False, $"{index} of {size}");
            }
        }
    }

    [Test]
    public void Every_leaf_behind_a_beginning_of_which_only_the_edge_is_left_has_the_same_proof()
    {
        for (int known = 0; known < SizeMax; known++)
        {
            var beginning = new MerkleTree();
            for (int i = 0; i < known; i++)
                beginning.Append(Leaf(i));
            for (int size = known + 1; size <= SizeMax; size++)
            {
                for (int index = known; index < size; index++)
                {
                    Assert.That(
                        MerkleProof.Inclusion(index, known, beginning.Edge(), Leaves.AsMemory(known * 32, (size - known) * 32)),
                        Is.EqualTo(MerkleProof.Inclusion(index, Leaves.AsMemory(0, size * 32))), $"{index} of {size}, {known} known");
                }
            }
        }
    }

    [Test]
    public void Every_beginning_is_proven_and_no_changed_one()
    {
        for (int size = 1; size <= SizeMax; size++)
        {
            for (int old = 1; old <= size; old++)
            {
                byte[][] proof = MerkleProof.Consistency(old, Leaves.AsMemory(0, size * 32));
                Assert.That(MerkleProof.VerifyConsistency(old, Root(old), size, Root(size), proof), Is.True, $"{old} in {size}");
                byte[] changed = Root(old);
                changed[0] ^= 1;
                Assert.That(MerkleProof.VerifyConsistency(old, changed, size, Root(size), proof), Is.False, $"{old} in {size}");
            }
        }
    }

    [Test]
    public void An_edge_restores_the_tree()
    {
        var tree = new MerkleTree();
        for (int i = 0; i < 23; i++)
            tree.Append(Leaf(i));
        var again = new MerkleTree();
        Assert.That(again.Restore(23, tree.Edge()), Is.True);
        again.Append(Leaf(23));
        Assert.That(again.Root(), Is.EqualTo(Root(24)));
    }

    private static byte[] Leaf(int index) => Leaves.AsSpan(index * 32, 32).ToArray();

    private static byte[] Root(int size)
    {
        var tree = new MerkleTree();
        for (int i = 0; i < size; i++)
            tree.Append(Leaf(i));
        return tree.Root();
    }

    /// <summary>RFC 9162 §2.1.1, with the leaves hashed already.</summary>
    private static byte[] Definition(byte[] leaves)
    {
        int size = leaves.Length / 32;
        if (size == 1)
            return leaves;
        int split = 1;
        while (split * 2 < size)
            split *= 2;
        return SHA256.HashData([1, .. Definition(leaves[..(split * 32)]), .. Definition(leaves[(split * 32)..])]);
    }
}
