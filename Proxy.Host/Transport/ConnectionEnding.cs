using System.Net.Sockets;
using System.Security.Authentication;
using Proxy.Protocols;

namespace Proxy.Host.Transport;

/// <summary>Tells the endings that every network has from faults.</summary>
internal static class ConnectionEnding
{
    /// <summary>None means: not an expected ending, so the exception must be thrown.</summary>
    public static ConnectionEnd Of(Exception exception) => exception switch
    {
        SocketException socket => Of(socket.SocketErrorCode),
        ObjectDisposedException => ConnectionEnd.Aborted,
        OperationCanceledException => ConnectionEnd.Aborted,
        IOException { InnerException: { } inner } => OfTlsStream(inner),
        AuthenticationException => ConnectionEnd.TlsFailure,

        // SslStream says so when the stream ends inside a record.
        IOException => ConnectionEnd.PeerClosed,
        _ => ConnectionEnd.None,
    };

    private static ConnectionEnd Of(SocketError error) => error switch
    {
        // Linux: EPIPE arrives as Shutdown.
        SocketError.ConnectionReset or SocketError.Shutdown or SocketError.NotConnected => ConnectionEnd.PeerReset,
        SocketError.ConnectionAborted or SocketError.OperationAborted or SocketError.Interrupted => ConnectionEnd.Aborted,
        SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown
            or SocketError.HostDown or SocketError.NetworkReset => ConnectionEnd.NetworkTimeout,
        _ => ConnectionEnd.None,
    };

    // SslStream wraps both what its stream threw and what the TLS library objected to; the latter has types of its own.
    private static ConnectionEnd OfTlsStream(Exception inner) =>
        Of(inner) is not ConnectionEnd.None and var end ? end
        : inner.GetType().FullName!.StartsWith("Interop+", StringComparison.Ordinal) || inner is System.ComponentModel.Win32Exception
            ? ConnectionEnd.TlsFailure
            : ConnectionEnd.None;
}
