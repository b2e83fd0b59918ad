using System.Net;
using System.Net.Sockets;
using Proxy.Protocols;

namespace Proxy.Host.Transport;

/// <summary>
/// Connects to a target. The name is resolved every time: a failover of RDS is a changed DNS answer, and a cached one would lead to the old
/// primary. All addresses are tried in the order given, each with a fair share of the deadline.
/// </summary>
public sealed class ServerDialer(string host, int port, SocketConnectionOptions options, TimeSpan timeout)
{
    /// <returns>A connection in plaintext; the protocol asks for TLS.</returns>
    /// <exception cref="ServerUnreachableException">No address answered in time.</exception>
    public async Task<SocketConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        Exception? last = null;
        try
        {
            var addresses = IPAddress.TryParse(host, out var literal)
                ? [literal]
                : await OffSocketThread.Await(Dns.GetHostAddressesAsync(host, deadline.Token));
            for (var i = 0; i < addresses.Length; i++)
            {
                try
                {
                    return await ConnectAsync(addresses[i], timeout / addresses.Length, deadline.Token);
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException && !deadline.IsCancellationRequested)
                {
                    last = e;
                }
            }
        }
        catch (SocketException e)
        {
            last = e;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            last = new TimeoutException($"No answer within {timeout.TotalSeconds:0.#} s", e);
        }
        throw new ServerUnreachableException(host, port, last);
    }

    private async Task<SocketConnection> ConnectAsync(IPAddress address, TimeSpan share, CancellationToken deadline)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        attempt.CancelAfter(share);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), attempt.Token);
            return new SocketConnection(socket, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
