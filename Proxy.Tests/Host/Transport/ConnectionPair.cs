using System.Net;
using System.Net.Sockets;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;

namespace Proxy.Tests.Host.Transport;

/// <summary>Two ends of one loopback TCP connection, both ours.</summary>
internal sealed class ConnectionPair : IAsyncDisposable
{
    private ConnectionPair(SocketConnection server, SocketConnection client)
    {
        Server = server;
        Client = client;
    }

    public SocketConnection Server { get; }

    public SocketConnection Client { get; }

    public static async Task<(Socket Server, Socket Client)> SocketsAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndPoint!);
        return (await listener.AcceptAsync(), client);
    }

    public static async Task<ConnectionPair> PlainAsync(SocketConnectionOptions? options = null, ConnectionSweeper? sweeper = null)
    {
        var (server, client) = await SocketsAsync();
        return new ConnectionPair(
            new SocketConnection(server, options ?? SocketConnectionOptions.Default, sweeper),
            new SocketConnection(client, options ?? SocketConnectionOptions.Default, sweeper));
    }

    public static async Task<ConnectionPair> TlsAsync(TestCertificates certificates, SocketConnectionOptions? options = null)
    {
        var pair = await PlainAsync(WithTls(certificates, options));
        await Task.WhenAll(
            pair.Server.UpgradeAsServerAsync(directTls: false, CancellationToken.None).AsTask(),
            pair.Client.UpgradeAsClientAsync(CancellationToken.None).AsTask());
        return pair;
    }

    public static SocketConnectionOptions WithTls(
        TestCertificates certificates, SocketConnectionOptions? options = null, string name = "localhost", ClientTlsMode mode = ClientTlsMode.VerifyFull, bool alpn = true) =>
        (options ?? SocketConnectionOptions.Default) with
        {
            ServerTls = new ServerTls(certificates.CertificatePath, certificates.PrivateKeyPath),
            ClientTls = new ClientTls(mode, name, certificates.AuthorityPath, alpn),
        };

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
