using System.Globalization;
using System.Text;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Fuzz;

/// <summary>
/// Changed packets in both directions: nothing throws, no value of a masked result comes out, and nothing but what was asked for reaches the server.
/// Replies and commands come in pieces. PHIGATE_FUZZ_PACKETS sets how many each way.
/// </summary>
public sealed class MySqlFuzzTests
{
    /// <summary>The commands that ever go on.</summary>
    private static readonly byte[] Forwarded = [1, 2, 3, 14, 22, 23, 24, 25, 26, 28, 31];

    private static int Packets => int.TryParse(Environment.GetEnvironmentVariable("PHIGATE_FUZZ_PACKETS"), CultureInfo.InvariantCulture, out var count)
        ? count : Proof.Size(sample: 20_000, full: 1_000_000);

    [Test]
    public async Task Changed_replies_never_show_a_masked_value_and_never_throw([Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        var capabilities = MySqlWireClient.PlainCapabilities | forms;
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), capabilities);
        var random = new Random(Proof.Seed);
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
            var cut = random.Next(reply.Length + 1);
            byte[] pieces = [.. await run.ReplyAsync(reply[..cut]), .. await run.ReplyAsync(reply[cut..])];
            var isClean = pieces.AsSpan().IndexOf(Encoding.Latin1.GetBytes(RecordedExchanges.Canary)) < 0;
            if (!isClean || run.End is SessionEnd.Fault) Assert.Fail($"packet {i} of seed {Proof.Seed}, cut at {cut}, {run.End}: {Convert.ToHexString(reply)}");
        }

        Proof.Record("Fuzzing, MySQL replies", $"{Packets / 2:n0} changed replies{(forms == 0 ? "" : " without EOF")}, seed {Proof.Seed}: no crash, no masked value");
    }

    [Test]
    public async Task Changed_commands_never_throw_and_reach_the_server_whole_or_not_at_all()
    {
        var exchanges = await RecordedExchanges.RecordAsync(await SharedServers.MariaDbAsync(), MySqlWireClient.PlainCapabilities);
        var random = new Random(Proof.Seed);
        for (var i = 0; i < Packets; i++)
        {
            using var run = new DialectRun(masks: true, MySqlWireClient.PlainCapabilities);
            await run.RequestAsync(exchanges[11].Request);
            await run.ReplyAsync(exchanges[11].Reply);
            var request = Changed(exchanges[random.Next(exchanges.Count)].Request, random);
            var sent = await SentAsync(run, request, random);
            if (run.End is SessionEnd.Fault) Assert.Fail($"request {i} of seed {Proof.Seed}: {Convert.ToHexString(request)}");
            for (var position = 0; position < sent.Length;)
            {
                var length = sent[position] | (sent[position + 1] << 8) | (sent[position + 2] << 16);
                if (length == 0 || position + 4 + length > sent.Length || !Forwarded.Contains(sent[position + 4]))
                    Assert.Fail($"request {i} of seed {Proof.Seed}: {Convert.ToHexString(request)} became {Convert.ToHexString(sent)}");
                position += 4 + length;
            }
        }

        Proof.Record("Fuzzing, MySQL commands", $"{Packets:n0} changed commands, seed {Proof.Seed}: no crash, the server gets whole commands of the allowed kinds or nothing");
    }

    /// <summary>What the server gets, when the bytes come in two pieces: what was not taken of the first comes again with the second.</summary>
    private static async Task<byte[]> SentAsync(DialectRun run, byte[] request, Random random)
    {
        var cut = random.Next(request.Length + 1);
        var first = await run.RequestAsync(request[..cut]);
        return run.End is SessionEnd.None ? [.. first, .. await run.RequestAsync(request[run.Consumed..])] : first;
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
