using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.ControlPlane;

/// <summary>The control plane's end of the local socket; the protocol is described at the data plane's end.</summary>
public sealed class ControlSocketClient(string path)
{
    private const int HeadBytesMax = 128;
    private const int BodyBytesMax = 16 * 1024 * 1024;

    /// <summary>Asks one question.</summary>
    /// <exception cref="IOException">The data plane does not answer, or not sensibly.</exception>
    public async Task<string> AskAsync(string request, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await ExchangeAsync(request, default, cancellationToken));

    /// <summary>Calls by name, with a body.</summary>
    /// <returns>What was answered, which can be a one-time credential, in an array that the caller clears.</returns>
    /// <exception cref="IOException">The data plane does not answer, does not know the call, or cannot read the body.</exception>
    public Task<byte[]> CallAsync(string name, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        ExchangeAsync(string.Create(CultureInfo.InvariantCulture, $"call {name} {body.Length}"), body, cancellationToken);

    private async Task<byte[]> ExchangeAsync(string request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await OpenAsync(request, cancellationToken);
            if (body.Length > 0)
                await socket.SendAsync(body, cancellationToken);
            await using var stream = new NetworkStream(socket);
            var head = await ReadHeadAsync(stream, cancellationToken);
            if (head.Split(' ') is not ["ok", var digits] || !int.TryParse(digits, CultureInfo.InvariantCulture, out var length) || length is < 0 or > BodyBytesMax)
                throw new IOException($"The data plane answered '{head}'");
            var answer = SecretBytes.New(length);
            await stream.ReadExactlyAsync(answer, cancellationToken);
            return answer;
        }
        catch (SocketException e)
        {
            throw new IOException("The data plane cannot be reached", e);
        }
    }

    /// <summary>Opens the connection whose end tells the data plane that we died. Held for the life of the process.</summary>
    public async Task<IDisposable> AttachAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await OpenAsync("attach", cancellationToken);
            }
            catch (SocketException)
            {
                await Task.Delay(50, cancellationToken); // It has not come up yet.
            }
        }
    }

    private async Task<Socket> OpenAsync(string request, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            await socket.SendAsync(Encoding.ASCII.GetBytes(request + "\n"), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < HeadBytesMax)
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            if (one[0] == '\n')
                return head.ToString();
            head.Append((char)one[0]);
        }
        throw new IOException("The data plane's answer has no end");
    }
}
