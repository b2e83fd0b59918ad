using System.Security.Cryptography;
using NUnit.Framework;
using Proxy.Core.Journal.Heads;

namespace Proxy.Tests.Core.Journal;

/// <summary>Chain and tree are hashed by OpenSSL's own functions where they are there; both ways are the SHA-256 that everybody has.</summary>
public sealed class NativeSha256Tests
{
    [Test]
    public void It_is_what_the_platform_hashes_at_every_length_around_blocks_and_at_every_split()
    {
        var bytes = new byte[300];
        new Random(7).NextBytes(bytes);
        Span<byte> native = stackalloc byte[32];
        Span<byte> managed = stackalloc byte[32];
        for (var length = 0; length <= bytes.Length; length++)
        {
            for (var split = 0; split <= length; split += 31)
            {
                NativeSha256.Hash(bytes.AsSpan(0, split), bytes.AsSpan(split, length - split), native);
                NativeSha256.HashManaged(bytes.AsSpan(0, split), bytes.AsSpan(split, length - split), managed);
                var expected = SHA256.HashData(bytes.AsSpan(0, length));
                Assert.That(native.SequenceEqual(expected) && managed.SequenceEqual(expected), Is.True, $"{split} of {length} bytes");
            }
        }
    }

    [TestCase(4096)]
    [TestCase(4097)]
    [TestCase(1_000_003)]
    public void It_is_what_the_platform_hashes_of_long_entries(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var hash = new byte[32];
        NativeSha256.Hash(bytes.AsSpan(0, 33), bytes.AsSpan(33), hash);
        Assert.That(hash, Is.EqualTo(SHA256.HashData(bytes)));
    }

    [Test]
    public void The_destination_may_be_part_of_what_is_hashed()
    {
        var prefix = new byte[33];
        var expected = SHA256.HashData([.. prefix, 1, 2, 3]);
        NativeSha256.Hash(prefix, [1, 2, 3], prefix.AsSpan(1));
        Assert.That(prefix.AsSpan(1).ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void A_destination_that_is_too_short_is_refused() =>
        Assert.That(() => NativeSha256.Hash([1], [2], new byte[31]), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
