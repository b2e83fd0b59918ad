using System.Buffers;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;
using Proxy.Tests.Support;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>
/// A server that closes behind any byte of its replies, also in the middle of a row: the client has got what it would have got so far and nothing
/// more, then the true reason, unless it stands in the middle of a message.
/// </summary>
public sealed class ServerClosesTests
{
    private static IEnumerable<Transcript> FlowsThatGoOn() => Flows.All().Where(transcript => transcript.End is SessionEnd.None);

    [TestCaseSource(nameof(FlowsThatGoOn))]
    public async Task A_server_may_close_behind_any_byte(Transcript transcript)
    {
        for (var step = 0; step < transcript.Steps.Count; step++)
            for (var cut = 0; !transcript.Steps[step].IsClient && cut <= transcript.Steps[step].Sent.Length; cut++)
                await PlayAsync(transcript, step, cut);
    }

    private static async Task PlayAsync(Transcript transcript, int lastStep, int cut)
    {
        await using var client = new DuplexPipePair();
        await using var server = new DuplexPipePair();
        using var dialect = ScriptedDialect.Create(policy: transcript.Policy, limits: transcript.Limits);
        var session = new Session(client.Near, server.Near, dialect);
        var ended = session.RunAsync(CancellationToken.None);
        for (var i = 0; i < lastStep; i++)
        {
            var step = transcript.Steps[i];
            await (step.IsClient ? client : server).Far.Output.WriteAsync(step.Sent);
            await ReadAsync(server.Far, step.ToServer.Length);
            await ReadAsync(client.Far, step.ToClient.Length);
        }

        if (cut > 0) await server.Far.Output.WriteAsync(transcript.Steps[lastStep].Sent.AsMemory(0, cut));
        await server.Far.Output.CompleteAsync();
        var end = await ended.WaitAsync(TimeSpan.FromSeconds(30));
        await client.Near.Output.CompleteAsync();
        var (shown, farewell) = Split(await ReadToEndAsync(client.Far));

        var how = $"step {lastStep} closed behind byte {cut}: {dialect.Violation} {session.Fault}";
        Assert.That(end, Is.EqualTo(SessionEnd.ServerClosed), how);
        Assert.That(transcript.Steps[lastStep].ToClient.AsSpan().StartsWith(shown), $"more or something else was shown, {how}");
        if (IsWhole(shown)) Assert.That((farewell?.Field('S'), farewell?.Field('C')), Is.EqualTo(("FATAL", "08006")), how);
        else Assert.That(farewell, Is.Null, how);
    }

    /// <summary>What came, and the last words if there were any.</summary>
    private static (byte[] Shown, WireFrame? Farewell) Split(byte[] bytes)
    {
        for (var at = 0; PostgresFraming.TryReadHeader(bytes.AsSpan(at), out var type, out var length) is FrameStatus.Complete; at += length)
        {
            var frame = new WireFrame((char)type, bytes[(at + PostgresFraming.HeaderLength)..(at + length)]);
            if (type == 'E' && at + length == bytes.Length && frame.Field('S') == "FATAL") return (bytes[..at], frame);
        }

        return (bytes, null);
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (PostgresFraming.TryReadHeader(bytes, out _, out var length) is not FrameStatus.Complete) return false;
            bytes = bytes[length..];
        }

        return true;
    }

    private static async Task ReadAsync(PipeConnection connection, int length)
    {
        if (length == 0) return;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var read = await connection.Input.ReadAtLeastAsync(length, deadline.Token);
        connection.Input.AdvanceTo(read.Buffer.GetPosition(Math.Min(length, read.Buffer.Length)));
    }

    private static async Task<byte[]> ReadToEndAsync(PipeConnection connection)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var read = await connection.Input.ReadAsync(deadline.Token);
            if (read.IsCompleted) return read.Buffer.ToArray();
            connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
