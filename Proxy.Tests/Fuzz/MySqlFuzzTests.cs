using System.Globalization;
using System.Text;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Fuzz;

/// <summary>
/// Changed packets in both directions: nothing throws, no value of a masked result comes out, and nothing but what was asked for reaches the server.
/// PHIGATE_FUZZ_PACKETS sets how many each way.
/// </summary>
public sealed class MySqlFuzzTests
{
    private const int Sample = 20_000;
    private const int Seed = 4;

    private static int Packets =>
        int.TryParse(Environment.GetEnvironmentVariable("PHIGATE_FUZZ_PACKETS"), CultureInfo.InvariantCulture, out var count) ? count : Sample;

    [Test]
    public async Task Changed_replies_never_show_a_masked_value_and_never_throw([Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        var capabilities = MySqlWireClient.PlainCapabilities | forms;
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), capabilities);
        var random = new Random(Seed);
        for (var i = 0; i < Packets / 2; i++)
        {
            using var run = new DialectRun(masks: true, capabilities);
            var index = random.Next(exchanges.Count);
            // Executions and cursors need what came before.
            for (var before = index > 10 ? 11 : index; before < index; before++)
            {
                await run.RequestAsync(exchanges[before].Request);
                await run.ReplyAsync(exchanges[before].Reply);
            }

            await run.RequestAsync(exchanges[index].Request);
            var reply = Changed(exchanges[index].Reply, random);
            var shown = Encoding.Latin1.GetString(await run.ReplyAsync(reply));
            Assert.That(shown, Does.Not.Contain(RecordedExchanges.Canary), $"packet {i}: {Convert.ToHexString(reply)}");
        }
    }

    [Test]
    public async Task Changed_commands_never_throw_and_reach_the_server_whole_or_not_at_all()
    {
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), MySqlWireClient.PlainCapabilities);
        var random = new Random(Seed);
        for (var i = 0; i < Packets; i++)
        {
            using var run = new DialectRun(masks: true, MySqlWireClient.PlainCapabilities);
            await run.RequestAsync(exchanges[11].Request);
            await run.ReplyAsync(exchanges[11].Reply);
            var request = Changed(exchanges[random.Next(exchanges.Count)].Request, random);
            var sent = await run.RequestAsync(request);
            Assert.That(run.End, Is.Not.EqualTo(SessionEnd.Fault));
            for (var position = 0; position < sent.Length;)
            {
                var length = sent[position] | (sent[position + 1] << 8) | (sent[position + 2] << 16);
                Assert.That(position + 4 + length, Is.LessThanOrEqualTo(sent.Length), $"request {i} is cut: {Convert.ToHexString(request)}");
                Assert.That(sent[position + 4], Is.AnyOf(1, 2, 3, 14, 22, 23, 24, 25, 26, 28, 31), $"request {i}: {Convert.ToHexString(request)}");
                position += 4 + length;
            }
        }
    }

    private static byte[] Changed(byte[] bytes, Random random)
    {
        var changed = bytes.ToList();
        for (var i = random.Next(1, 4); i > 0 && changed.Count > 0; i--)
        {
            var at = random.Next(changed.Count);
            switch (random.Next(6))
            {
                case 0:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 1:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    changed.Insert(at, (byte)random.Next(256));
                    break;
                case 3:
                    changed.RemoveAt(at);
                    break;
                case 4:
                    changed[at] = (byte)(random.Next(2) == 0 ? 0xFB + random.Next(5) : 0);
                    break;
                default:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
            }
        }

        return [.. changed];
    }
}
