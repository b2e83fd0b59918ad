using System.Text;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Protocols.MySql;

/// <summary>What a server must not send ends the session, and nothing of it is shown.</summary>
public sealed class MySqlReplyTableTests
{
    private static readonly byte[] Query = MySqlWireClient.Packet(0, [3, .. "load data local infile 'x' into table t"u8]);

    [Test]
    public async Task A_request_for_a_file_ends_the_session()
    {
        using var run = new DialectRun(masks: false, MySqlWireClient.PlainCapabilities);
        await run.RequestAsync(Query);
        var shown = await run.ReplyAsync(MySqlWireClient.Packet(1, [0xFB, .. "/etc/passwd"u8]));
        Assert.That(shown, Is.Empty);
        Assert.That(run.End, Is.EqualTo(SessionEnd.ServerViolation));
    }

    [TestCase(0, new byte[] { 0, 0, 0, 2, 0, 0, 0 }, TestName = "A packet with the number of another ends the session")]
    [TestCase(1, new byte[] { 0, 0, 0, 2, 0 }, TestName = "An OK that is cut ends the session")]
    [TestCase(1, new byte[] { 0xFC, 0xFF, 0xFF }, TestName = "More columns than a server has end the session")]
    [TestCase(1, new byte[] { 1, 0 }, TestName = "A number of columns with something behind it ends the session")]
    [TestCase(1, new byte[] { 0xFE, 0, 0, 2, 0 }, TestName = "An EOF where an answer begins ends the session")]
    [TestCase(1, new byte[0], TestName = "An empty packet ends the session")]
    public async Task Unexpected(int sequence, byte[] payload)
    {
        using var run = new DialectRun(masks: false, MySqlWireClient.PlainCapabilities);
        await run.RequestAsync(Query);
        var shown = await run.ReplyAsync(MySqlWireClient.Packet((byte)sequence, payload));
        Assert.That(shown, Is.Empty);
        Assert.That(run.End, Is.EqualTo(SessionEnd.ServerViolation));
    }

    [Test]
    public async Task A_packet_that_nobody_asked_for_ends_the_session()
    {
        using var run = new DialectRun(masks: false, MySqlWireClient.PlainCapabilities);
        Assert.That(await run.ReplyAsync(MySqlWireClient.Packet(1, [0, 0, 0, 2, 0, 0, 0])), Is.Empty);
        Assert.That(run.End, Is.EqualTo(SessionEnd.ServerViolation));
    }

    [Test]
    public async Task Behind_a_reset_the_session_is_set_up_anew_and_the_client_sees_nothing_of_it()
    {
        using var run = new DialectRun(masks: false, MySqlWireClient.PlainCapabilities);
        var ok = MySqlWireClient.Packet(1, [0, 0, 0, 2, 0, 0, 0]);
        byte[] reset = MySqlWireClient.Packet(0, [31]);
        Assert.That(await run.RequestAsync(reset), Is.EqualTo((byte[])[.. reset, .. MySqlWireClient.Packet(0, [3, .. "SET SESSION sql_mode=''"u8])]));
        Assert.That(await run.ReplyAsync([.. ok, .. ok]), Is.EqualTo(ok));
        Assert.That(run.End, Is.EqualTo(SessionEnd.None));
    }

    [Test]
    public async Task A_session_that_cannot_be_set_up_anew_ends()
    {
        using var run = new DialectRun(masks: false, MySqlWireClient.PlainCapabilities);
        await run.RequestAsync(MySqlWireClient.Packet(0, [31]));
        await run.ReplyAsync([.. MySqlWireClient.Packet(1, [0, 0, 0, 2, 0, 0, 0]), .. MySqlWireClient.Packet(1, [0xFF, 0x50, 0x04, .. Encoding.ASCII.GetBytes("#42000no")])]);
        Assert.That(run.End, Is.EqualTo(SessionEnd.StateUncertain));
    }

    [Test]
    public async Task A_row_over_16_MiB_streams_through_its_packets()
    {
        using var run = new DialectRun(masks: false, MySqlWireClient.PlainCapabilities);
        await run.RequestAsync(MySqlWireClient.Packet(0, [3, .. "select long"u8]));
        byte[] definition = [3, .. "def"u8, 0, 0, 0, 1, (byte)'a', 0, 12, 45, 0, 0xFF, 0xFF, 0xFF, 0xFF, 252, 0, 0, 0, 0, 0];
        byte[] head = [.. MySqlWireClient.Packet(1, [1]), .. MySqlWireClient.Packet(2, definition), .. MySqlWireClient.Packet(3, [0xFE, 0, 0, 2, 0])];
        Assert.That(await run.ReplyAsync(head), Is.EqualTo(head));
        var value = new byte[0x1000000];
        value.AsSpan().Fill((byte)'v');
        byte[] prefixed = [0xFE, .. BitConverter.GetBytes((long)value.Length), .. value];
        byte[] packets = [.. MySqlWireClient.Packet(4, prefixed.AsSpan(0, 0xFFFFFF)), .. MySqlWireClient.Packet(5, prefixed.AsSpan(0xFFFFFF)), .. MySqlWireClient.Packet(6, [0xFE, 0, 0, 2, 0])];
        using var shown = new MemoryStream();
        for (var at = 0; at < packets.Length; at += 1 << 20)
            shown.Write(await run.ReplyAsync(packets[at..Math.Min(packets.Length, at + (1 << 20))]));
        Assert.That(run.End, Is.EqualTo(SessionEnd.None), run.Violation);
        Assert.That(shown.ToArray().AsSpan().SequenceEqual(packets), Is.True);
    }
}
