using System.Buffers;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Proxy.Protocols.Secrets;

namespace Proxy.Tests.Protocols.Secrets;

public sealed class SecretWriterTests
{
    [Test]
    public void What_is_written_piece_by_piece_is_there_as_a_whole()
    {
        using var writer = new SecretWriter();
        var expected = new byte[10_000];
        Random.Shared.NextBytes(expected);

        for (var at = 0; at < expected.Length; at += 100)
            writer.Write(expected.AsSpan(at, 100));

        Assert.That(writer.Written.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Memory_that_became_too_small_and_memory_that_is_given_up_are_cleared()
    {
        var writer = new SecretWriter();
        writer.Write("a secret"u8);
        var small = ArrayOf(writer);
        writer.Write(new byte[100_000]);
        writer.Write("another"u8);
        var big = ArrayOf(writer);
        writer.GetSpan(10).Fill(1); // Lent, and never said to be written.

        writer.Dispose();

        Assert.That(big, Is.Not.SameAs(small));
        Assert.That(small.Concat(big), Has.All.Zero);
        Assert.That(writer.Written.IsEmpty, Is.True);
    }

    [Test]
    public void More_than_was_lent_cannot_be_said_to_be_written()
    {
        using var writer = new SecretWriter();
        var lent = writer.GetMemory(1).Length;
        Assert.That(() => writer.Advance(lent + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => writer.Advance(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static byte[] ArrayOf(SecretWriter writer)
    {
        Assert.That(MemoryMarshal.TryGetArray(writer.Written, out var segment), Is.True);
        return segment.Array!;
    }
}
