using System.Security.Cryptography;
using NUnit.Framework;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Heads;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal;

public sealed class AnswerDigestTests
{
    private static readonly int[] Lengths = [0, 1, 55, 56, 64, 2047, 2048, 2049, 4096, 4097, 34_815, 34_816, 34_817, 67_584, 67_585, 200_000];

    [Test]
    public void It_is_the_digest_of_all_pieces_and_begins_anew_behind_it([ValueSource(nameof(Lengths))] int length)
    {
        var bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        var expected = ExpectedAnswerDigest.Of(bytes);
        using var digest = new AnswerDigest();
        var hash = new byte[SHA256.HashSizeInBytes];
        foreach (var run in new[] { 1, 63, 2047, 2048, 2049, 32_768, 58_372, 200_000 })
        {
            for (var start = 0; start < bytes.Length; start += run)
                digest.Append(bytes.AsSpan(start, Math.Min(run, bytes.Length - start)));
            digest.Finish(hash);
            Assert.That(hash, Is.EqualTo(expected), $"in runs of {run}");
        }
    }

    /// <summary>The tree of pieces and the plain digest, written out once: whoever checks a record by other means gets these.</summary>
    [TestCase(2048, "10fc3c51a152e90e5b90319b601d92ccf37290ef53c35ff92507687d8a911a08")]
    [TestCase(5000, "af03a4db5e6cc7f5c306cbcc27c736f2ce7dcdf82e3742fa8ef5b2bed00fb774")]
    public void Known_answers_have_known_digests(int length, string expected)
    {
        using var digest = new AnswerDigest();
        var hash = new byte[SHA256.HashSizeInBytes];
        digest.Append(Enumerable.Range(0, length).Select(static i => (byte)i).ToArray());
        digest.Finish(hash);
        Assert.That(Convert.ToHexStringLower(hash), Is.EqualTo(expected));
    }

    /// <summary>Bits that only one of sixteen texts has must not be seen in another's digest.</summary>
    [Test]
    public void Sixteen_texts_side_by_side_have_the_digests_that_each_has_alone([Range(1, 8)] int seed)
    {
        Assume.That(Sha256Lanes.IsUsed, "AVX-512 or OpenSSL is missing: texts are hashed one after the other");
        var texts = new byte[Sha256Lanes.Lanes * Sha256Lanes.TextBytes];
        new Random(seed).NextBytes(texts);
        var digests = new byte[Sha256Lanes.Lanes * SHA256.HashSizeInBytes];
        Sha256Lanes.Hash(texts, digests);
        Assert.That(digests, Is.EqualTo(texts.Chunk(Sha256Lanes.TextBytes).SelectMany(SHA256.HashData)));
    }
}
