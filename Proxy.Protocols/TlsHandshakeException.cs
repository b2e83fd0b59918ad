namespace Proxy.Protocols;

/// <summary>The upgrade to TLS failed; the connection is good for nothing but closing. The message holds no secret.</summary>
public sealed class TlsHandshakeException : Exception
{
    public TlsHandshakeException(TlsHandshakeFailure failure, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
    }

    public TlsHandshakeFailure Failure { get; }
}
