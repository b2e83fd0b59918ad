using System.Net.Sockets;
using System.Security.Authentication;
using Proxy.Protocols;

namespace Proxy.Host.Transport.Tls;

/// <summary>Says in one word why a handshake failed.</summary>
internal static class TlsFailures
{
    /// <summary>Null: the caller cancelled, or it is not a failure that a peer can cause.</summary>
    public static TlsHandshakeException? Of(Exception exception, CancellationToken deadline, CancellationToken caller)
    {
        if (caller.IsCancellationRequested)
            return null;
        if (deadline.IsCancellationRequested)
            return new TlsHandshakeException(TlsHandshakeFailure.Timeout, "The TLS handshake took longer than its deadline", exception);
        return exception switch
        {
            ServerCertificateException => new TlsHandshakeException(TlsHandshakeFailure.CertificateRejected, exception.Message, exception),
            AuthenticationException { InnerException: ServerCertificateException rejected } => new TlsHandshakeException(
                TlsHandshakeFailure.CertificateRejected, rejected.Message, exception),
            AuthenticationException => new TlsHandshakeException(TlsHandshakeFailure.Protocol, Innermost(exception), exception),
            SocketException or ObjectDisposedException or IOException => new TlsHandshakeException(
                TlsHandshakeFailure.PeerClosed, "The peer closed the connection during the TLS handshake", exception),
            _ => null,
        };
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return $"The TLS handshake failed: {exception.Message}";
    }
}
