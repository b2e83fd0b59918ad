using System.Runtime.Intrinsics;
using CsCheck;
using NUnit.Framework;
using Proxy.Core.Masking;

namespace Proxy.Tests.Core.Masking;

public sealed class CmacTests
{
    // RFC 4493 §4: the key, and a message whose first byte stands for our tag.
    private static readonly byte[] Key = Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c");

    private static readonly byte[] Message = Convert.FromHexString(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

    [TestCase(16, "070a16b46b4d4144f79bdd9dd04a287c")]
    [TestCase(40, "dfa66747de9ae63030ca32611497c827")]
    [TestCase(64, "51f0bebf7e3b9d92fc49741779363cfe")]
    public void The_examples_of_RFC_4493_hold(int length, string expected)
    {
        using var checks = new AesBlock(Key);
        using var domain = new KeyDomain("test", Key, checks);
        Assert.That(Hex(Cmac.Of(domain, (ValueTag)Message[0], Message.AsSpan(1, length - 1))), Is.EqualTo(expected));
    }

    [Test]
    public void Pieces_give_what_the_whole_gives() =>
        Gen.Select(Gen.Byte.Array[0, 70], Gen.Int[0, 70], Gen.Int[0, 70]).Sample((value, first, second) =>
        {
            using var checks = new AesBlock(Key);
            using var domain = new KeyDomain("test", Key, checks);
            first = Math.Min(first, value.Length);
            second = Math.Min(second, value.Length - first);
            var pieces = new Cmac(domain, ValueTag.Bytea);
            pieces.Append(value.AsSpan(0, first));
            pieces.Append(value.AsSpan(first, second));
            pieces.Append(value.AsSpan(first + second));
            Assert.That(pieces.Finish(), Is.EqualTo(Cmac.Of(domain, ValueTag.Bytea, value)));
        });

    [Test]
    public void A_number_gives_what_its_bytes_give() =>
        Gen.Long.Sample(number =>
        {
            using var checks = new AesBlock(Key);
            using var domain = new KeyDomain("test", Key, checks);
            var pieces = new Cmac(domain, ValueTag.Integer);
            pieces.Append(number);
            Assert.That(pieces.Finish(), Is.EqualTo(Cmac.Of(domain, ValueTag.Integer, number)));
        });

    private static string Hex(Vector128<byte> block)
    {
        Span<byte> bytes = stackalloc byte[16];
        block.CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
