using System.Net.Sockets;

namespace Proxy.Tests.Support;

/// <summary>A load balancer: relays bytes as they are, behind a header of its own.</summary>
public sealed class PrefixingRelay(int port, byte[] prefix) : TcpRelay(port)
{
    protected override async Task CarryAsync(NetworkStream client, NetworkStream server, CancellationToken stopping)
    {
        await server.WriteAsync(prefix, stopping);
        await Task.WhenAny(client.CopyToAsync(server, stopping), server.CopyToAsync(client, stopping));
    }
}
