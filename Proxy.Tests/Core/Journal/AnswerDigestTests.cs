using System.Security.Cryptography;
using NUnit.Framework;
using Proxy.Core.Journal.Answers;

namespace Proxy.Tests.Core.Journal;

public sealed class AnswerDigestTests
{
    [Test]
    public void It_is_the_digest_of_all_pieces_and_begins_anew_behind_it()
    {
        var bytes = new byte[100_000];
        new Random(3).NextBytes(bytes);
        using var digest = new AnswerDigest();
        var hash = new byte[SHA256.HashSizeInBytes];
        foreach (var piece in new[] { 1, 63, 64, 65, 4096, 4097, 100_000 })
        {
            for (var start = 0; start < bytes.Length; start += piece)
                digest.Append(bytes.AsSpan(start, Math.Min(piece, bytes.Length - start)));
            digest.Finish(hash);
            Assert.That(hash, Is.EqualTo(SHA256.HashData(bytes)), $"in pieces of {piece}");
        }
    }

    [Test]
    public void Of_nothing_it_is_the_digest_of_nothing()
    {
        using var digest = new AnswerDigest();
        var hash = new byte[SHA256.HashSizeInBytes];
        digest.Finish(hash);
        Assert.That(hash, Is.EqualTo(SHA256.HashData([])));
    }
}
