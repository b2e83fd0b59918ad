using System.Security.Cryptography;
using NUnit.Framework;
using Proxy.Core.Journal.Heads;

namespace Proxy.Tests.Core.Journal;

/// <summary>The hash of an entry, as docs/journal-format.md writes it.</summary>
public sealed class EntryChainTests
{
    [Test]
    public void Each_entry_is_hashed_with_the_hash_before_it([Values(8, 2048, 2049, 4096, 34_816, 65_600, 100_001)] int length)
    {
        var random = new Random(length);
        var chain = new EntryChain();
        var before = new byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < 3; i++)
        {
            var entry = new byte[length];
            random.NextBytes(entry);
            var expected = length <= 2048 ? SHA256.HashData([0, .. before, .. entry]) : SHA256.HashData([2, .. before, .. entry.Chunk(2048).SelectMany(SHA256.HashData)]);
            Assert.That(EntryChain.HashOf(before, entry), Is.EqualTo(expected));
            chain.Add(entry);
            Assert.That(chain.Last.ToArray(), Is.EqualTo(expected));
            before = expected;
        }
    }

    /// <summary>Otherwise a long entry could be changed for a short one of the same hash.</summary>
    [Test]
    public void An_entry_that_consists_of_the_digests_of_another_has_another_hash()
    {
        var entry = new byte[4096];
        var before = new byte[SHA256.HashSizeInBytes];
        Assert.That(EntryChain.HashOf(before, [.. entry.Chunk(2048).SelectMany(SHA256.HashData)]), Is.Not.EqualTo(EntryChain.HashOf(before, entry)));
    }
}
