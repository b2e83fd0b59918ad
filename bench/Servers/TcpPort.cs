using System.Net;
using System.Net.Sockets;

namespace Proxy.Bench.Servers;

internal static class TcpPort
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A port of the loopback interface that nobody listened on a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until the server accepts connections; its own last words are in the error when it ends or stays silent.</summary>
    public static async Task WaitUntilOpenAsync(int port, OwnedProcess server, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(AnswerTimeout);
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, timeout.Token);
                return;
            }
            catch (SocketException) when (server.IsRunning)
            {
                await Task.Delay(50, timeout.Token);
            }
            catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw new InvalidOperationException($"{server.Name} does not answer on port {port}:\n{await server.LastLogLinesAsync()}", exception);
            }
        }
    }
}
