using System.Text;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;
using Proxy.Tests.Support;
using ClientSide = Proxy.Tests.Support.PostgresRequests;
using ServerSide = Proxy.Tests.Support.PostgresReplies;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>What a client may send before it has said who it is, cut at every point.</summary>
public sealed class StartupTests
{
    private static readonly byte[] Start = ClientSide.Startup("agent", "hospital");

    private static IEnumerable<TestCaseData> Flows()
    {
        yield return Flow("TLS", [(ClientSide.SslRequest(), "S"), (Start, "")], "start agent hospital 3.0");
        yield return Flow("GSSENC declined, then TLS", [(ClientSide.GssEncRequest(), "N"), (ClientSide.SslRequest(), "S"), (Start, "")], "start agent hospital 3.0");
        yield return Flow("protocol 3.2", [(ClientSide.SslRequest(), "S"), (ClientSide.Startup("agent", "hospital", ClientSide.Protocol32), "")], "start agent hospital 3.2");
        yield return Flow("a newer minor version and unknown options",
            [
                (ClientSide.SslRequest(), "S"),
                (ClientSide.Startup([("user", "agent"), ("database", "hospital"), ("_pq_.new", "1")], (3 << 16) | 9999),
                    Encoding.Latin1.GetString(ServerSide.NegotiateProtocolVersion((3 << 16) | 2, "_pq_.new"))),
            ], "start agent hospital 3.9999");
        yield return Flow("cancel", [(ClientSide.CancelRequest(4711, [1, 2, 3, 4]), "")], "cancel 4711");
        yield return Flow("cancel within TLS, long key", [(ClientSide.SslRequest(), "S"), (ClientSide.CancelRequest(4711, new byte[32]), "")], "cancel 4711");
        yield return Flow("plaintext", [(Start, "")], "refused tls-required");
        yield return Flow("replication", [(ClientSide.SslRequest(), "S"), (ClientSide.Startup([("user", "agent"), ("replication", "database")]), "")], "refused replication-refused");
        yield return Flow("replication off", [(ClientSide.SslRequest(), "S"), (ClientSide.Startup([("user", "agent"), ("database", "hospital"), ("replication", "off")]), "")], "start agent hospital 3.0");
        yield return Flow("protocol 2", [(ClientSide.SslRequest(), "S"), (ClientSide.Startup([("user", "agent")], 2 << 16), "")], "refused protocol-violation");
        yield return Flow("TLS within TLS", [(ClientSide.SslRequest(), "S"), (ClientSide.SslRequest(), "")], "refused protocol-violation");
        yield return Flow("nothing but questions",
            [(ClientSide.GssEncRequest(), "N"), (ClientSide.GssEncRequest(), "N"), (ClientSide.GssEncRequest(), "N"), (ClientSide.GssEncRequest(), "N")], "refused protocol-violation");
        yield return Flow("an impossible length", [([0, 0, 0, 3], "")], "violation");
        yield return Flow("a length over the limit", [([0, 1, 0, 0], "")], "violation");
    }

    [TestCaseSource(nameof(Flows))]
    public async Task A_start_goes_the_same_wherever_it_is_cut((byte[] Sent, string Answer)[] steps, string outcome)
    {
        await PlayAsync(steps, outcome, -1, 0);
        for (var step = 0; step < steps.Length; step++)
            for (var cut = 1; cut < steps[step].Sent.Length; cut++)
                await PlayAsync(steps, outcome, step, cut);
    }

    private static async Task PlayAsync((byte[] Sent, string Answer)[] steps, string outcome, int cutStep, int cut)
    {
        await using var pair = new DuplexPipePair();
        var running = RunAsync(pair.Near);
        for (var i = 0; i < steps.Length; i++)
        {
            var (sent, answer) = steps[i];
            if (i == cutStep) await pair.Far.Output.WriteAsync(sent.AsMemory(0, cut));
            await pair.Far.Output.WriteAsync(i == cutStep ? sent.AsMemory(cut) : sent);
            if (answer.Length == 0) continue;
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var read = await pair.Far.Input.ReadAtLeastAsync(answer.Length, deadline.Token);
            Assert.That(Encoding.Latin1.GetString(System.Buffers.BuffersExtensions.ToArray(read.Buffer)), Is.EqualTo(answer), $"step {cutStep} cut at {cut}");
            pair.Far.Input.AdvanceTo(read.Buffer.End);
            // What comes before the upgrade has begun is plaintext, and refused.
            while (answer == "S" && !pair.Near.IsEncrypted && !running.IsCompleted) await Task.Yield();
        }

        Assert.That(await running.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(outcome), $"step {cutStep} cut at {cut}");
    }

    private static async Task<string> RunAsync(IConnection client)
    {
        try
        {
            return await new PostgresStartup(client, new Limits(), acceptsPlaintext: false).RunAsync(CancellationToken.None) switch
            {
                { Start: { } start } => $"start {start["user"]} {start["database"]} 3.{start.MinorVersion}",
                { Cancel: { } ticket } => $"cancel {ticket.ProcessId}",
                { Refusal: { } refusal } => $"refused {refusal.Code}",
                _ => "left",
            };
        }
        catch (ProtocolViolationException)
        {
            return "violation";
        }
    }

    private static TestCaseData Flow(string name, (byte[] Sent, string Answer)[] steps, string outcome) =>
        new TestCaseData(steps, outcome).SetArgDisplayNames(name);
}
