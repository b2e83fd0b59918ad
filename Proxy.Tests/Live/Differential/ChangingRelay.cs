using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Differential;

/// <summary>A relay for one connection that changes replies on their way, as a gateway with a fault would.</summary>
public sealed class ChangingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ClientEndpoint _server;
    private readonly Func<WireFrame, WireFrame> _change;
    private readonly Task _relaying;

    public ChangingRelay(ClientEndpoint server, Func<WireFrame, WireFrame> change)
    {
        _server = server;
        _change = change;
        _listener.Start();
        _relaying = RelayAsync();
    }

    public ClientEndpoint Endpoint => _server with { Port = ((IPEndPoint)_listener.LocalEndpoint).Port };

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _relaying;
        _listener.Dispose();
    }

    private async Task RelayAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync();
        await using var server = await WireClient.ConnectAsync(_server.Host, _server.Port);
        var plaintext = client.GetStream();
        await plaintext.ReadExactlyAsync(new byte[PostgresRequests.SslRequest().Length]);
        await plaintext.WriteAsync("S"u8.ToArray());
        await using var tls = new SslStream(plaintext);
        await tls.AuthenticateAsServerAsync(TestCertificates.Shared.Server);
        var replies = ReplyAsync(server, tls);
        var buffer = new byte[16 * 1024];
        while (await tls.ReadAsync(buffer) is > 0 and var received)
            await server.SendAsync(buffer.AsMemory(0, received));
        await server.SendAsync(PostgresRequests.Terminate());
        await replies;
    }

    private async Task ReplyAsync(WireClient server, SslStream client)
    {
        while (await server.ReceiveAsync() is { } frame)
            await client.WriteAsync(_change(frame).ToBytes());
    }
}
