using System.Net;
using Proxy.Host.Transport.ProxyProtocol;

namespace Proxy.Host.Transport;

/// <summary>Where to listen, and how many connections to admit.</summary>
public sealed record ListenerSettings
{
    /// <summary>Port 0 takes a free one. IPv6Any listens for IPv4 too.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>Set: connections come from load balancers, which say in front of everything whom they speak for; none is taken without.</summary>
    public ProxyProtocolReader? ProxyProtocol { get; init; }

    public int Backlog { get; init; } = 512;

    public int ConnectionsMax { get; init; } = 10_000;

    public int ConnectionsPerAddressMax { get; init; } = 1_000;

    /// <summary>Connections that have not signed in yet.</summary>
    public int HandshakesMax { get; init; } = 500;

    /// <summary>Time from accept until <see cref="InboundConnection.Established"/>.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long telling a client that it is refused may take.</summary>
    public TimeSpan RefusalTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many clients are told at the same time; the rest are closed without a word.</summary>
    public int RefusalsMax { get; init; } = 64;

    /// <summary>Limits and TLS of each accepted connection.</summary>
    public SocketConnectionOptions Connection { get; init; } = SocketConnectionOptions.Default;
}
