using System.Buffers;
using System.IO.Pipelines;
using Proxy.Protocols;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres;
using Proxy.Tests.Support;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>Gives a dialect the bytes of a transcript in the pieces that a test chooses, as the relays of a session would, but one after the other.</summary>
internal sealed class TranscriptPlayer : IDisposable
{
    private readonly PostgresDialect _dialect;
    private readonly Pipe _server = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _client = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Outbound _toServer;
    private readonly Outbound _toClient;
    private byte[] _requests = [];
    private byte[] _replies = [];
    private Task? _waiting;

    public TranscriptPlayer(Transcript transcript)
    {
        _dialect = ScriptedDialect.Create(policy: transcript.Policy, limits: transcript.Limits);
        _toServer = new Outbound(_server.Writer);
        _toClient = new Outbound(_client.Writer);
    }

    public SessionEnd End { get; private set; }

    public string? Violation => _dialect.Violation;

    public async Task FeedAsync(bool isClient, ReadOnlyMemory<byte> piece)
    {
        if (End is not SessionEnd.None) return;
        if (isClient)
        {
            _requests = [.. _requests, .. piece.Span];
            await TakeRequestsAsync();
        }
        else
        {
            _replies = [.. _replies, .. piece.Span];
            await TakeRepliesAsync();
        }
    }

    /// <summary>What each side has got since the last call.</summary>
    public (byte[] ToServer, byte[] ToClient) TakeOutput() => (Drain(_server.Reader), Drain(_client.Reader));

    public void Dispose() => _dialect.Dispose();

    private async Task TakeRequestsAsync()
    {
        while (_waiting is null && End is SessionEnd.None)
        {
            _toServer.Begin(_requests);
            var step = _dialect.TakeRequests(_requests, _toServer);
            await _toServer.FlushAsync(CancellationToken.None);
            _requests = _requests[step.Consumed..];
            if (step.WakesReplies) await TakeRepliesAsync();
            switch (step.Wait)
            {
                case RequestWait.Bytes:
                    return;
                case RequestWait.End:
                    End = step.End;
                    return;
                case RequestWait.Analysis:
                    await _dialect.AwaitAsync(step.Wait, CancellationToken.None);
                    break;
                default:
                    _waiting = _dialect.AwaitAsync(step.Wait, CancellationToken.None);
                    if (_waiting.IsCompleted) _waiting = null;
                    break;
            }
        }
    }

    private async Task TakeRepliesAsync()
    {
        _toClient.Begin(_replies);
        var step = _dialect.TakeReplies(_replies, _toClient);
        await _toClient.FlushAsync(CancellationToken.None);
        _replies = _replies[step.Consumed..];
        if (step.End is not SessionEnd.None) End = step.End;
        if (_waiting is not { IsCompleted: true }) return;
        _waiting = null;
        await TakeRequestsAsync();
    }

    private static byte[] Drain(PipeReader reader)
    {
        if (!reader.TryRead(out var read)) return [];
        var bytes = read.Buffer.ToArray();
        reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }
}
