using System.Runtime.Intrinsics;
using NUnit.Framework;
using Proxy.Core.Masking;
using HardwareAes = System.Runtime.Intrinsics.X86.Aes;

namespace Proxy.Tests.Core.Masking;

public sealed class AesBlockTests
{
    [Test]
    public void The_example_of_FIPS_197_holds_with_and_without_the_processors_instructions([Values] bool useHardware)
    {
        Assume.That(!useHardware || HardwareAes.IsSupported);
        using var cipher = new AesBlock(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"), useHardware);
        var encrypted = cipher.Encrypt(Vector128.Create(Convert.FromHexString("00112233445566778899aabbccddeeff")));
        Assert.That(encrypted, Is.EqualTo(Vector128.Create(Convert.FromHexString("69c4e0d86a7b0430d8cdb78070b4c55a"))));
    }

    [Test]
    public void Several_blocks_at_once_are_encrypted_as_each_alone([Values] bool useHardware, [Range(0, 9)] int count)
    {
        Assume.That(!useHardware || HardwareAes.IsSupported);
        using var cipher = new AesBlock(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"), useHardware);
        var blocks = Enumerable.Range(1, count).Select(static i => Vector128.Create((byte)i)).ToArray();
        var expected = Array.ConvertAll(blocks, cipher.Encrypt);
        cipher.EncryptEach(blocks);
        Assert.That(blocks, Is.EqualTo(expected));
    }
}
