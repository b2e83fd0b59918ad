using System.Net;
using System.Net.Sockets;

namespace Proxy.Tests.Support;

/// <summary>Somebody in between: takes connections on a port of its own, opens one to another port for each, and carries bytes until one of the two leaves.</summary>
public abstract class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private readonly int _port;

    /// <param name="port">Where its connections lead.</param>
    protected TcpRelay(int port)
    {
        _port = port;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    /// <summary>Carries bytes in both directions; when it returns, both connections are closed.</summary>
    protected abstract Task CarryAsync(NetworkStream client, NetworkStream server, CancellationToken stopping);

    private async Task AcceptAsync()
    {
        var relayed = new List<Task>();
        try
        {
            while (true)
                relayed.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relayed);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        using (client)
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, _stopping.Token);
                await CarryAsync(client.GetStream(), server.GetStream(), _stopping.Token);
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // One of the two has left.
            }
    }
}
