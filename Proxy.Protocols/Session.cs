using System.IO.Pipelines;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols;

/// <summary>
/// One client and its server. Read this first.
/// <code>
///            RelayRequests: decode ► analyse ► decide ► record intent ► forward
///   client ─────────────────────────────────────────────────────────────────────► server
///          ◄─────────────────────────────────────────────────────────────────────
///            RelayReplies:  decode ► mask ► forward ► record outcome
/// </code>
/// (1) A relay receives once, (2) lets the dialect take every whole frame in what came, (3) sends once, after what was recorded is durable. The dialect decides what each frame
/// means; this class only moves bytes. (4) Only the reply relay writes to the client: an answer of our own waits in the queue of pending
/// replies for its turn, and the request relay wakes the reply relay to give it. (5) A request that cannot be decided yet (a long text, a name
/// that depends on replies under way) stays where it was received, everything before it is sent, and it is offered again afterwards.
/// (6) The first relay to end ends both; the reason is one <see cref="SessionEnd"/>.
/// Nothing reaches the server but through <see cref="IDialect.TakeRequests"/>, and nothing reaches the client but through
/// <see cref="IDialect.TakeReplies"/> and the last words of <see cref="IDialect.FarewellFor"/>.
/// </summary>
public sealed class Session(IConnection client, IConnection server, IDialect dialect)
{
    /// <summary>Bytes sent to the client; stable once the session has ended.</summary>
    public long BytesToClient => _toClient.TotalBytes;

    /// <summary>Bytes sent to the server; stable once the session has ended.</summary>
    public long BytesToServer => _toServer.TotalBytes;

    /// <summary>What ended the session when it was neither peer.</summary>
    public Exception? Fault { get; private set; }

    private static readonly TimeSpan ServersEndMax = TimeSpan.FromSeconds(5);

    /// <summary>What a client gets, at the end, to take what is on its way and then the last words.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);

    private readonly Outbound _toClient = new(client.Output);
    private readonly Outbound _toServer = new(server.Output);

    public async Task<SessionEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var sending = new CancellationTokenSource(); // A send that is broken off closes the connection, and nothing could be said any more.
        var requests = EndOfAsync(RelayRequestsAsync, SessionEnd.ClientDisconnected, over.Token);
        var replies = EndOfAsync(reading => RelayRepliesAsync(reading, sending.Token), SessionEnd.ServerClosed, over.Token);
        var end = await await Task.WhenAny(requests, replies);
        if (end is SessionEnd.ServerClosed && dialect.HasSaidGoodbye) end = await requests;
        if (end is SessionEnd.ClientTerminated or SessionEnd.UserChanged) await AwaitServersEndAsync(replies, over.Token);

        // The reply relay owns the client's output: it has to be out of the way before the last words. The other one may be anywhere.
        dialect.Close(end);
        await over.CancelAsync();
        sending.CancelAfter(FarewellPatience);
        server.Abort();
        await replies;
        await SayFarewellAsync(end);
        await requests; // Cancelled. The client is not aborted: the last words would be lost, and a driver report a reset instead of them.
        return end;
    }

    /// <summary>Lets the reply relay look for something to say: an answer of our own, or a farewell.</summary>
    public void Wake() => server.Input.CancelPendingRead();

    /// <summary>
    /// A client that says goodbye may have sent statements just before: the server runs them, answers, and closes. Aborting its connection at
    /// once could drop what is still on the way there, and would leave outcomes unknown that are about to come.
    /// </summary>
    private static async Task AwaitServersEndAsync(Task replies, CancellationToken cancellationToken) =>
        await replies.WaitAsync(ServersEndMax, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Once for all reads of a relay, instead of a registration for each.</summary>
    private static CancellationTokenRegistration CancelReads(PipeReader input, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static input => ((PipeReader)input!).CancelPendingRead(), input);

    private async Task<SessionEnd> RelayRequestsAsync(CancellationToken cancellationToken)
    {
        using var cancelling = CancelReads(client.Input, cancellationToken);
        while (true)
        {
            var read = await client.Input.ReadAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            var received = Received.From(read.Buffer);
            var consumed = 0;
            while (true)
            {
                var remaining = received.Memory[consumed..];
                _toServer.Begin(remaining);
                var step = dialect.TakeRequests(remaining, _toServer);
                if (!await dialect.RecordedAsync(cancellationToken)) return SessionEnd.JournalUnavailable;
                var sent = await _toServer.FlushAsync(cancellationToken);
                ProtocolMetrics.BytesToServers.Add(_toServer.TakeAdded());
                consumed += step.Consumed;
                if (step.WakesReplies) Wake();
                if (step.Wait is RequestWait.End)
                {
                    // Whoever goes on reading from the client finds what has not been taken.
                    received.Return();
                    client.Input.AdvanceTo(read.Buffer.GetPosition(consumed));
                    return step.End;
                }

                if (sent.IsCompleted) return SessionEnd.ServerClosed;
                if (step.Wait is RequestWait.Bytes) break;
                await dialect.AwaitAsync(step.Wait, cancellationToken);
            }

            received.Return();
            client.Input.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.End);
            if (read.IsCompleted) return SessionEnd.ClientDisconnected; // Last: a completed read can still carry frames.
        }
    }

    private async Task<SessionEnd> RelayRepliesAsync(CancellationToken reading, CancellationToken sending)
    {
        using var cancelling = CancelReads(server.Input, reading);
        while (true)
        {
            var read = await server.Input.ReadAsync(CancellationToken.None);
            reading.ThrowIfCancellationRequested();
            var received = Received.From(read.Buffer);
            _toClient.Begin(received.Memory);
            var step = dialect.TakeReplies(received.Memory, _toClient);
            client.MoreFollows = step is { IsMidAnswer: true, End: SessionEnd.None, AwaitsCatalogue: false } && !read.IsCompleted;
            var sent = await _toClient.FlushAsync(sending);
            ProtocolMetrics.BytesToClients.Add(_toClient.TakeAdded());
            received.Return();
            server.Input.AdvanceTo(read.Buffer.GetPosition(step.Consumed), read.Buffer.End);
            if (step.End is not SessionEnd.None) return step.End;
            if (sent.IsCompleted) return SessionEnd.ClientDisconnected;
            if (step.AwaitsCatalogue)
            {
                await dialect.RefreshAsync(reading);
                Wake(); // What is here is to be looked at again, whether or not more comes.
                continue;
            }

            if (read.IsCompleted) return SessionEnd.ServerClosed;
        }
    }

    /// <summary>Separates what a relay does from how it ends: broken connections are an ending, everything else is a fault and says so.</summary>
    private async Task<SessionEnd> EndOfAsync(
        Func<CancellationToken, Task<SessionEnd>> relay, SessionEnd whenBroken, CancellationToken cancellationToken)
    {
        try
        {
            return await relay(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return SessionEnd.Cancelled;
        }
        catch (IOException)
        {
            return whenBroken;
        }
        catch (Exception fault)
        {
            Fault = fault; // A bug of ours, or a limit of the transport: it ends this session and no other.
            return SessionEnd.Fault;
        }
    }

    private async ValueTask SayFarewellAsync(SessionEnd end)
    {
        client.MoreFollows = false; // Whatever is said from now on stands for itself.
        if (_toClient.IsInterrupted) return;
        var farewell = dialect.FarewellFor(end);
        if (farewell.IsEmpty) return;
        try
        {
            using var deadline = new CancellationTokenSource(FarewellPatience);
            await client.Output.WriteAsync(farewell, deadline.Token);
        }
        catch (Exception reason) when (reason is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has left or does not read: there is nobody to tell.
        }
    }
}
