using NUnit.Framework;
using Proxy.Core.Sql;

namespace Proxy.Tests.Core.Sql;

public sealed class TextFingerprintTests
{
    /// <summary>From the reference implementation's test vectors: the key is 00 01 … 0f, the text the first bytes of the same sequence.</summary>
    [TestCase(0, 0x726fdb47dd0e0e31UL)]
    [TestCase(8, 0x93f5f5799a932462UL)]
    [TestCase(15, 0xa129ca6149be45e5UL)]
    public void It_is_SipHash_2_4(int length, ulong expected)
    {
        byte[] sequence = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

        Assert.That(new TextFingerprint(sequence).Of(sequence.AsSpan(0, length)), Is.EqualTo(expected));
    }

    [Test]
    public void Random_keys_differ()
    {
        ulong first = TextFingerprint.WithRandomKey().Of("select 1"u8);
        ulong second = TextFingerprint.WithRandomKey().Of("select 1"u8);

        Assert.That(second, Is.Not.EqualTo(first));
    }
}
