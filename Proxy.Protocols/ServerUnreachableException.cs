namespace Proxy.Protocols;

/// <summary>No address of a target accepted a connection in time. Names the target, so it is for the log; a client gets less.</summary>
public sealed class ServerUnreachableException : Exception
{
    public ServerUnreachableException(string host, int port, Exception? innerException)
        : base($"Cannot connect to {host}:{port}: {innerException?.Message ?? "the name has no address"}", innerException)
    {
    }
}
