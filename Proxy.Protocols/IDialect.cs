using Proxy.Protocols.Buffers;

namespace Proxy.Protocols;

/// <summary>
/// What <see cref="Session"/> needs of a protocol. The methods are synchronous and touch no socket; requests and replies are called by
/// one relay each, possibly at the same time.
/// </summary>
public interface IDialect
{
    /// <summary>Takes as many requests as it can from received memory (which it may rewrite) and puts what the server is to get into <paramref name="toServer"/>.</summary>
    RequestStep TakeRequests(Memory<byte> received, Outbound toServer);

    /// <summary>
    /// Waits until what the last step recorded is as durable as policy wants it; awaited before what the step let through is sent. False when it
    /// will not be: then nothing may be sent.
    /// </summary>
    ValueTask<bool> RecordedAsync(CancellationToken cancellationToken);

    /// <summary>Waits for what the last step asked for. The same frame is then offered again.</summary>
    Task AwaitAsync(RequestWait wait, CancellationToken cancellationToken);

    /// <summary>Takes as many replies as it can and puts what the client is to get into <paramref name="toClient"/>; also called with nothing, to give answers of our own.</summary>
    ReplyStep TakeReplies(Memory<byte> received, Outbound toClient);

    /// <summary>Waits for what the last step of replies asked for. The same reply is then offered again.</summary>
    Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last words to a client whose session ends for this reason, or empty when nothing can be said (in the middle of a frame, or it has left).</summary>
    ReadOnlyMemory<byte> FarewellFor(SessionEnd end);

    /// <summary>Whether the client has ended the session and the server been told. The server can be gone before the relay that told it has returned.</summary>
    bool HasSaidGoodbye { get; }

    /// <summary>The session is over: settles what is still owed in the record, and lets go of whoever waits.</summary>
    void Close(SessionEnd end);
}
