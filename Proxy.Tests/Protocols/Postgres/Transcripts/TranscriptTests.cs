using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>Every message flow, cut at every point: where the network cuts must make no difference.</summary>
public sealed class TranscriptTests
{
    [TestCaseSource(typeof(Flows), nameof(Flows.All))]
    public async Task A_flow_goes_as_written(Transcript transcript) => await PlayAsync(transcript, cutStep: -1, cut: 0);

    [TestCaseSource(typeof(Flows), nameof(Flows.All))]
    public async Task A_flow_goes_the_same_when_cut_in_two_anywhere(Transcript transcript)
    {
        for (var step = 0; step < transcript.Steps.Count; step++)
            for (var cut = 1; cut < transcript.Steps[step].Sent.Length; cut++)
                await PlayAsync(transcript, step, cut);
    }

    [TestCaseSource(typeof(Flows), nameof(Flows.All))]
    public async Task A_flow_goes_the_same_byte_by_byte(Transcript transcript)
    {
        using var player = new TranscriptPlayer(transcript);
        for (var i = 0; i < transcript.Steps.Count; i++)
        {
            for (var at = 0; at < transcript.Steps[i].Sent.Length; at++)
                await player.FeedAsync(transcript.Steps[i].IsClient, transcript.Steps[i].Sent.AsMemory(at, 1));
            AssertStep(transcript, i, player, "byte by byte");
        }

        Assert.That(player.End, Is.EqualTo(transcript.End), player.Violation);
    }

    /// <summary>Through a session, whose reads come as one segment a byte.</summary>
    [TestCaseSource(typeof(Flows), nameof(Flows.All))]
    public async Task A_flow_goes_the_same_in_a_session_that_reads_many_segments(Transcript transcript)
    {
        await using var client = new DuplexPipePair();
        await using var server = new DuplexPipePair();
        using var dialect = ScriptedDialect.Create(policy: transcript.Policy, limits: transcript.Limits);
        var session = new Session(new SegmentedConnection(client.Near), new SegmentedConnection(server.Near), dialect);
        var ended = session.RunAsync(CancellationToken.None);
        foreach (var step in transcript.Steps)
        {
            await (step.IsClient ? client : server).Far.Output.WriteAsync(step.Sent);
            Assert.That(await ReadAsync(server.Far, step.ToServer.Length), Is.EqualTo(step.ToServer), $"to the server, {session.Fault}");
            Assert.That(await ReadAsync(client.Far, step.ToClient.Length), Is.EqualTo(step.ToClient), $"to the client, {session.Fault}");
        }

        if (transcript.End is SessionEnd.None) await client.Far.Output.CompleteAsync();
        if (transcript.End is SessionEnd.ClientTerminated) await server.Far.Output.CompleteAsync();
        Assert.That(await ended, Is.EqualTo(transcript.End is SessionEnd.None ? SessionEnd.ClientDisconnected : transcript.End), dialect.Violation);
    }

    private static async Task<byte[]> ReadAsync(PipeConnection connection, int length)
    {
        if (length == 0) return [];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var read = await connection.Input.ReadAtLeastAsync(length, deadline.Token);
        var bytes = System.Buffers.BuffersExtensions.ToArray(read.Buffer.Slice(0, Math.Min(length, read.Buffer.Length)));
        connection.Input.AdvanceTo(read.Buffer.GetPosition(bytes.Length));
        return bytes;
    }

    private static async Task PlayAsync(Transcript transcript, int cutStep, int cut)
    {
        using var player = new TranscriptPlayer(transcript);
        for (var i = 0; i < transcript.Steps.Count; i++)
        {
            var step = transcript.Steps[i];
            if (i == cutStep)
            {
                await player.FeedAsync(step.IsClient, step.Sent.AsMemory(0, cut));
                await player.FeedAsync(step.IsClient, step.Sent.AsMemory(cut));
            }
            else
            {
                await player.FeedAsync(step.IsClient, step.Sent);
            }

            AssertStep(transcript, i, player, $"step {cutStep} cut at {cut}");
        }

        Assert.That(player.End, Is.EqualTo(transcript.End), player.Violation);
    }

    private static void AssertStep(Transcript transcript, int step, TranscriptPlayer player, string how)
    {
        var (toServer, toClient) = player.TakeOutput();
        if (toServer.AsSpan().SequenceEqual(transcript.Steps[step].ToServer) && toClient.AsSpan().SequenceEqual(transcript.Steps[step].ToClient)) return;
        Assert.Fail($"""
            Step {step}, {how}: {player.End} {player.Violation}
            the server got  {Frames(toServer)}
            instead of      {Frames(transcript.Steps[step].ToServer)}
            the client got  {Frames(toClient)}
            instead of      {Frames(transcript.Steps[step].ToClient)}
            """);
    }

    private static string Frames(byte[] bytes)
    {
        var frames = new List<string>();
        for (var at = 0; at + 5 <= bytes.Length;)
        {
            var length = 1 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 1));
            if (at + length > bytes.Length)
            {
                frames.Add($"{(char)bytes[at]}[cut]");
                break;
            }

            frames.Add(new WireFrame((char)bytes[at], bytes[(at + 5)..(at + length)]).ToString());
            at += length;
        }

        return string.Join(" ", frames);
    }
}
