using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Proxy.Host.Transport.ProxyProtocol;

/// <summary>
/// Reads the header that a load balancer sends in front of everything, exactly, so that what follows stays in the socket. A listener with it takes no
/// connection without it: whoever gets past the load balancer must not be able to say where it comes from, and neither to say nothing.
/// </summary>
/// <param name="networks">Where load balancers are.</param>
/// <param name="patience">How long one may take to send the header.</param>
public sealed class ProxyProtocolReader(ImmutableArray<IPNetwork> networks, TimeSpan patience)
{
    /// <summary>Connections whose header is awaited, over all load balancers: past it new ones are closed.</summary>
    private const int AwaitedMax = 1000;

    private int _awaited;

    /// <returns>The client's end point.</returns>
    /// <exception cref="ProxyProtocolException">The connection is not from a load balancer, or its header is none; close it.</exception>
    public Task<IPEndPoint> ReadAsync(Socket socket) => ReadAsync(socket.RemoteEndPoint, (count, deadline) => ReceiveAsync(socket, count, deadline));

    /// <summary>The same for a connection that is a pipe already.</summary>
    public Task<IPEndPoint> ReadAsync(EndPoint? remote, PipeReader input) => ReadAsync(remote, (count, deadline) => ReceiveAsync(input, count, deadline));

    private async Task<IPEndPoint> ReadAsync(EndPoint? remote, Func<int, CancellationToken, Task<byte[]>> receive)
    {
        var peer = remote as IPEndPoint ?? throw new ProxyProtocolException("the connection has no address");
        var address = peer.Address.IsIPv4MappedToIPv6 ? peer.Address.MapToIPv4() : peer.Address;
        if (!networks.Any(network => network.Contains(address)))
            throw new ProxyProtocolException("not from a network of load balancers");
        if (Interlocked.Increment(ref _awaited) > AwaitedMax)
        {
            Interlocked.Decrement(ref _awaited);
            throw new ProxyProtocolException("too many headers are awaited");
        }
        try
        {
            using var deadline = new CancellationTokenSource(patience);
            var header = await receive(ProxyHeader.FixedBytes, deadline.Token);
            if (ProxyHeader.RestOf(header) is not { } rest)
                throw new ProxyProtocolException("no header of version 2");
            var addresses = await receive(rest, deadline.Token);
            return ProxyHeader.ClientOf(header, addresses, new IPEndPoint(address, peer.Port))
                ?? throw new ProxyProtocolException("malformed header, or not of TCP");
        }
        catch (OperationCanceledException)
        {
            throw new ProxyProtocolException("no header in time");
        }
        finally
        {
            Interlocked.Decrement(ref _awaited);
        }
    }

    private static async Task<byte[]> ReceiveAsync(PipeReader input, int count, CancellationToken cancellationToken)
    {
        if (count == 0)
            return [];
        var read = await input.ReadAtLeastAsync(count, cancellationToken);
        if (read.Buffer.Length < count)
            throw new ProxyProtocolException(read.Buffer.IsEmpty ? "closed without a header" : "closed within the header");
        var bytes = read.Buffer.Slice(0, count).ToArray();
        input.AdvanceTo(read.Buffer.GetPosition(count));
        return bytes;
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(received), SocketFlags.None, cancellationToken);
            received += more > 0 ? more : throw new ProxyProtocolException(received == 0 ? "closed without a header" : "closed within the header");
        }
        return bytes;
    }
}
