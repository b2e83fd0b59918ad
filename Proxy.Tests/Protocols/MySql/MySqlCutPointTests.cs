using System.Buffers;
using System.Text;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Protocols.MySql;

/// <summary>Bytes come in pieces: wherever they are cut, the same comes out.</summary>
public sealed class MySqlCutPointTests
{
    [Test]
    public async Task Replies_cut_at_any_byte_come_out_as_if_whole([Values] bool masks, [Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        var capabilities = MySqlWireClient.PlainCapabilities | forms;
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), capabilities);
        var whole = await WholeAsync(exchanges, masks, capabilities);
        for (var index = 0; index < exchanges.Count; index++)
            for (var cut = 1; cut < exchanges[index].Reply.Length; cut += Proof.IsFull || index < 4 ? 1 : 3)
            {
                using var run = new DialectRun(masks, capabilities);
                for (var before = 0; before < index; before++)
                {
                    await run.RequestAsync(exchanges[before].Request);
                    await run.ReplyAsync(exchanges[before].Reply);
                }

                await run.RequestAsync(exchanges[index].Request);
                byte[] pieces = [.. await run.ReplyAsync(exchanges[index].Reply[..cut]), .. await run.ReplyAsync(exchanges[index].Reply[cut..])];
                Assert.That(pieces.AsSpan().SequenceEqual(whole[index]), Is.True, $"exchange {index} cut at {cut}: {run.Violation}");
            }
    }

    [Test]
    public async Task What_is_not_masked_comes_out_as_the_server_sent_it([Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        var capabilities = MySqlWireClient.PlainCapabilities | forms;
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), capabilities);
        var whole = await WholeAsync(exchanges, masks: false, capabilities);
        for (var i = 0; i < exchanges.Count; i++)
            Assert.That(whole[i], Is.EqualTo(exchanges[i].Reply), $"exchange {i}");
    }

    [Test]
    public async Task Of_what_is_masked_no_value_comes_out([Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        var capabilities = MySqlWireClient.PlainCapabilities | forms;
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), capabilities);
        var whole = await WholeAsync(exchanges, masks: true, capabilities);
        Assert.That(exchanges.Any(static exchange => Encoding.Latin1.GetString(exchange.Reply).Contains(RecordedExchanges.Canary, StringComparison.Ordinal)), Is.True);
        foreach (var shown in whole)
            Assert.That(Encoding.Latin1.GetString(shown), Does.Not.Contain(RecordedExchanges.Canary));
    }

    [Test]
    public async Task Commands_cut_at_any_byte_reach_the_server_as_if_whole()
    {
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), MySqlWireClient.PlainCapabilities);
        for (var index = 0; index < exchanges.Count; index++)
            for (var cut = 1; cut < exchanges[index].Request.Length; cut++)
            {
                using var run = new DialectRun(masks: false, MySqlWireClient.PlainCapabilities);
                for (var before = 0; before < index; before++)
                {
                    await run.RequestAsync(exchanges[before].Request);
                    await run.ReplyAsync(exchanges[before].Reply);
                }

                Assert.That(await run.RequestAsync(exchanges[index].Request[..cut]), Is.Empty, $"exchange {index} cut at {cut}");
                Assert.That(await run.RequestAsync(exchanges[index].Request), Is.EqualTo(exchanges[index].Request), $"exchange {index} cut at {cut}");
            }
    }

    [Test]
    public async Task Both_directions_byte_by_byte_come_out_as_if_whole([Values] bool masks, [Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        var capabilities = MySqlWireClient.PlainCapabilities | forms;
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), capabilities);
        var whole = await WholeAsync(exchanges, masks, capabilities);
        using var run = new DialectRun(masks, capabilities);
        for (var index = 0; index < exchanges.Count; index++)
        {
            for (var length = 1; length < exchanges[index].Request.Length; length++)
                Assert.That(await run.RequestAsync(exchanges[index].Request[..length]), Is.Empty, $"exchange {index}");
            Assert.That(await run.RequestAsync(exchanges[index].Request), Is.EqualTo(exchanges[index].Request), $"exchange {index}");
            var shown = new List<byte>();
            foreach (var one in exchanges[index].Reply) shown.AddRange(await run.ReplyAsync([one]));
            Assert.That(shown, Is.EqualTo(whole[index]), $"exchange {index}: {run.Violation}");
        }
    }

    /// <summary>Through a session, whose reads come as one segment a byte.</summary>
    [Test]
    public async Task A_session_that_reads_many_segments_shows_the_same([Values] bool masks, [Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        var capabilities = MySqlWireClient.PlainCapabilities | forms;
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), capabilities);
        var whole = await WholeAsync(exchanges, masks, capabilities);
        await using var client = new DuplexPipePair();
        await using var server = new DuplexPipePair();
        using var dialect = DialectRun.NewDialect(masks, capabilities);
        var session = new Session(new SegmentedConnection(client.Near), new SegmentedConnection(server.Near), dialect);
        var ended = session.RunAsync(CancellationToken.None);
        for (var index = 0; index < exchanges.Count; index++)
        {
            await client.Far.Output.WriteAsync(exchanges[index].Request);
            Assert.That(await ReadAsync(server.Far, exchanges[index].Request.Length), Is.EqualTo(exchanges[index].Request), $"exchange {index}: {session.Fault}");
            await server.Far.Output.WriteAsync(exchanges[index].Reply);
            Assert.That(await ReadAsync(client.Far, whole[index].Length), Is.EqualTo(whole[index]), $"exchange {index}: {session.Fault}");
        }

        await client.Far.Output.CompleteAsync();
        Assert.That(await ended, Is.EqualTo(SessionEnd.ClientDisconnected), dialect.Violation);
    }

    private static async Task<byte[]> ReadAsync(PipeConnection connection, int length)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var read = await connection.Input.ReadAtLeastAsync(length, deadline.Token);
        var bytes = read.Buffer.Slice(0, Math.Min(length, read.Buffer.Length)).ToArray();
        connection.Input.AdvanceTo(read.Buffer.GetPosition(bytes.Length));
        return bytes;
    }

    private static async Task<List<byte[]>> WholeAsync(IReadOnlyList<(byte[] Request, byte[] Reply)> exchanges, bool masks, uint capabilities)
    {
        using var run = new DialectRun(masks, capabilities);
        var shown = new List<byte[]>();
        foreach (var (request, reply) in exchanges)
        {
            Assert.That(await run.RequestAsync(request), Is.EqualTo(request));
            shown.Add(await run.ReplyAsync(reply));
            Assert.That(run.End, Is.EqualTo(SessionEnd.None), $"{run.Violation} after {Convert.ToHexString(request)}");
        }

        return shown;
    }
}
