namespace Proxy.Host.Transport;

/// <summary>An accepted connection, and the count it stands in until it has signed in.</summary>
public sealed class InboundConnection
{
    private readonly Action _onEstablished;
    private int _established;

    internal InboundConnection(SocketConnection connection, Action onEstablished)
    {
        Connection = connection;
        _onEstablished = onEstablished;
    }

    public SocketConnection Connection { get; }

    internal bool IsEstablished => Volatile.Read(ref _established) != 0;

    /// <summary>The client has signed in: it no longer counts as a handshake, and the handshake's deadline is off.</summary>
    public void Established()
    {
        if (Interlocked.Exchange(ref _established, 1) == 0)
            _onEstablished();
    }
}
