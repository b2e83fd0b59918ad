using NUnit.Framework;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Protocols.MySql;

/// <summary>Commands of 16 MiB and more are several packets on both legs; what is changed in one of them is still one command.</summary>
public sealed class MySqlLongCommandTests
{
    private const int PayloadMax = 0xFF_FFFF;
    private const uint LastPrepared = uint.MaxValue;

    /// <summary>As long as the limit allows, as long as one packet, and one byte less.</summary>
    [TestCase(16 << 20, 2)]
    [TestCase(PayloadMax, 2)]
    [TestCase(PayloadMax - 1, 1)]
    public async Task An_execution_of_the_statement_prepared_last_stays_one_command(int bytes, int packets)
    {
        using var run = new DialectRun(masks: false, MySqlWireClient.PlainCapabilities);
        await PrepareAsync(run);
        byte[] head = [0, 1, 0, 0, 0, 0, 1, 252, 0];
        var value = new byte[bytes - 5 - head.Length - 4];
        // Inside is what would be commands, if a length did not fit its packet.
        byte[] hidden = MySqlWireClient.Packet(0, [3, .. "select 'hidden'"u8]);
        for (var at = 0; at + hidden.Length <= value.Length; at += hidden.Length) hidden.CopyTo(value.AsSpan(at));
        byte[] values = [.. head, 0xFD, (byte)value.Length, (byte)(value.Length >> 8), (byte)(value.Length >> 16), .. value];
        byte[] payload = [23, .. BitConverter.GetBytes(LastPrepared), .. values];
        Assert.That(payload, Has.Length.EqualTo(bytes));

        var sent = Packets(await run.RequestAsync(Split(payload)));

        Assert.That(sent.Select(static packet => (int)packet.Sequence), Is.EqualTo(Enumerable.Range(0, packets)));
        byte[] whole = [.. sent.SelectMany(static packet => packet.Payload)];
        Assert.That(whole.AsSpan().SequenceEqual((byte[])[23, 7, 0, 0, 0, .. values]), Is.True);
        byte[] ok = MySqlWireClient.Packet((byte)packets, [0, 0, 0, 2, 0, 0, 0]);
        Assert.That(await run.ReplyAsync(ok), Is.EqualTo(ok), run.Violation);
    }

    /// <summary>The statement has the number 7 at the server, and one parameter.</summary>
    private static async Task PrepareAsync(DialectRun run)
    {
        await run.RequestAsync(MySqlWireClient.Packet(0, [22, .. "select ?"u8]));
        byte[] definition = [3, .. "def"u8, 0, 0, 0, 1, (byte)'?', 0, 12, 63, 0, 0, 0, 0, 0, 253, 0x80, 0, 0, 0, 0];
        byte[] prepared = [.. MySqlWireClient.Packet(1, [0, 7, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]), .. MySqlWireClient.Packet(2, definition), .. MySqlWireClient.Packet(3, [0xFE, 0, 0, 2, 0])];
        Assert.That(await run.ReplyAsync(prepared), Is.EqualTo(prepared), run.Violation);
    }

    private static byte[] Split(ReadOnlySpan<byte> payload)
    {
        using var packets = new MemoryStream();
        for (byte sequence = 0; ; sequence++)
        {
            var length = Math.Min(PayloadMax, payload.Length);
            packets.Write(MySqlWireClient.Packet(sequence, payload[..length]));
            payload = payload[length..];
            if (length < PayloadMax) return packets.ToArray();
        }
    }

    private static List<MySqlPacket> Packets(byte[] bytes)
    {
        var packets = new List<MySqlPacket>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
            packets.Add(new MySqlPacket(bytes[at + 3], bytes[(at + 4)..(at + 4 + length)]));
            at += 4 + length;
        }

        return packets;
    }
}
