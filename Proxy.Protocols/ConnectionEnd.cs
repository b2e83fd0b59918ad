namespace Proxy.Protocols;

/// <summary>
/// How one leg's byte stream ended. The expected endings are values, not exceptions: reads report them as IsCompleted, writes as a completed flush,
/// and whoever wants to know which it was asks <see cref="IConnection.End"/>. What is not in this list is a fault and is thrown.
/// </summary>
public enum ConnectionEnd
{
    /// <summary>Still open, as far as anybody has noticed.</summary>
    None,

    /// <summary>The peer finished sending: FIN, or a TLS close_notify.</summary>
    PeerClosed,

    /// <summary>The peer reset the connection, or the network did.</summary>
    PeerReset,

    /// <summary>The network gave up: retransmission or keepalive timed out, or no route.</summary>
    NetworkTimeout,

    /// <summary>The peer broke TLS after the handshake: an alert, or a record that does not verify.</summary>
    TlsFailure,

    /// <summary>Nothing was received or sent for the idle limit.</summary>
    IdleTimeout,

    /// <summary>The peer stopped reading, and one send took longer than its limit.</summary>
    SendTimeout,

    /// <summary>Start-up and authentication took longer than their limit.</summary>
    HandshakeTimeout,

    /// <summary>Our own side closed it.</summary>
    Aborted,
}
