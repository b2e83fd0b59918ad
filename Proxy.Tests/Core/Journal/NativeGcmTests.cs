using System.Security.Cryptography;
using NUnit.Framework;
using Proxy.Core.Journal.Sealing;

namespace Proxy.Tests.Core.Journal;

/// <summary>Records are sealed by OpenSSL's own functions where they are there, and opened by .NET's: both have to mean the same.</summary>
public sealed class NativeGcmTests
{
    [Test]
    public void It_is_used_where_the_tests_run() => Assert.That(NativeGcm.IsUsed, Is.True);

    [TestCase(0, 0)]
    [TestCase(0, 40)]
    [TestCase(1, 0)]
    [TestCase(15, 16)]
    [TestCase(4096, 4096)]
    [TestCase(4097, 4097)]
    [TestCase(1_000_003, 77)]
    public void It_seals_as_the_platform_does_one_record_behind_the_other(int length, int associatedLength)
    {
        var random = new Random(length);
        var key = new byte[DataKey.Bytes];
        var plain = new byte[length];
        var associated = new byte[associatedLength];
        var nonce = new byte[SegmentSealer.NonceBytes];
        random.NextBytes(key);
        using var managed = new AesGcm(key, SegmentSealer.TagBytes);
        using var native = NativeGcm.TryCreate(key);
        for (var i = 0; i < 3; i++)
        {
            random.NextBytes(plain);
            random.NextBytes(associated);
            random.NextBytes(nonce);
            var (cipher, tag) = (new byte[length], new byte[SegmentSealer.TagBytes]);
            var (expectedCipher, expectedTag) = (new byte[length], new byte[SegmentSealer.TagBytes]);
            native!.Encrypt(nonce, plain, cipher, tag, associated);
            managed.Encrypt(nonce, plain, expectedCipher, expectedTag, associated);
            Assert.Multiple(() =>
            {
                Assert.That(cipher.AsSpan().SequenceEqual(expectedCipher), Is.True, "cipher");
                Assert.That(tag, Is.EqualTo(expectedTag), "tag");
            });
        }
    }

    [Test]
    public void After_it_is_disposed_of_it_seals_nothing()
    {
        var native = NativeGcm.TryCreate(new byte[DataKey.Bytes])!;
        native.Dispose();
        Assert.That(
            () => native.Encrypt(new byte[SegmentSealer.NonceBytes], [], [], new byte[SegmentSealer.TagBytes], []), Throws.InstanceOf<ObjectDisposedException>());
    }
}
