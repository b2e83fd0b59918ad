using System.Net;

namespace Proxy.Host.Transport;

/// <summary>What a listener does with connections. Both methods are called on the thread pool, once per connection; the listener disposes it afterwards.</summary>
public interface IConnectionHandler
{
    /// <summary>Serves the connection to its end. Calls <see cref="InboundConnection.Established"/> when the client has signed in.</summary>
    Task HandleAsync(InboundConnection inbound);

    /// <summary>Tells the client in its own protocol that there is no room; the connection is aborted when the token ends.</summary>
    Task RefuseAsync(SocketConnection connection, AdmissionLimit limit, CancellationToken deadline);

    /// <summary>Records that a connection was closed because it did not begin as one of a load balancer (PROXY protocol).</summary>
    void Reject(EndPoint? peer, string why)
    {
    }
}
