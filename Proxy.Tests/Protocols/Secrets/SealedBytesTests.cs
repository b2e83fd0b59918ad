using NUnit.Framework;
using Proxy.Protocols.Secrets;

namespace Proxy.Tests.Protocols.Secrets;

public sealed class SealedBytesTests
{
    [Test]
    public void What_was_sealed_is_opened_again_after_its_owner_has_cleared_it([Values(0, 1, 32, 5000)] int length)
    {
        var secret = SecretBytes.New(length);
        Random.Shared.NextBytes(secret);
        var expected = secret.ToArray();

        var kept = new SealedBytes(secret);
        SecretBytes.Clear(secret);

        Assert.That(kept.Open(), Is.EqualTo(expected));
        Assert.That(kept.Open(), Is.EqualTo(expected), "as often as it is needed");
    }

    [Test]
    public void It_does_not_print() => Assert.That(new SealedBytes("hunter2"u8).ToString(), Is.EqualTo("(sealed)"));

    [Test]
    public void A_secret_array_stays_where_it_is()
    {
        var secret = SecretBytes.CopyOf("a password"u8);
        var before = AddressOf(secret);

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);

        Assert.That(AddressOf(secret), Is.EqualTo(before));
        Assert.That(GC.GetGeneration(secret), Is.EqualTo(GC.MaxGeneration), "in the heap of what is pinned");
    }

    private static nint AddressOf(byte[] array) => System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
}
