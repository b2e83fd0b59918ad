using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Host.Transport;
using Proxy.Host.Transport.ProxyProtocol;

namespace Proxy.Tests.Host.Transport.ProxyProtocol;

/// <summary>A listener behind load balancers.</summary>
[CancelAfter(60_000)]
public sealed class ProxyProtocolListenerTests
{
    [Test]
    public async Task The_client_is_whom_the_proxy_speaks_for_and_what_follows_is_the_clients()
    {
        var handler = new RecordingHandler();
        await using var listener = Start(handler);
        using var socket = await ConnectAsync(listener);
        await socket.SendAsync((byte[])[.. ProxyHeaderBytes.Tcp4("203.0.113.7", 51234, [0xEA, 0, 1, 7]), .. "hello"u8]);
        Assert.That(await ReceiveAsync(socket), Is.EqualTo("203.0.113.7:51234 hello"));
    }

    [Test]
    public async Task A_header_may_come_in_pieces()
    {
        var handler = new RecordingHandler();
        await using var listener = Start(handler);
        using var socket = await ConnectAsync(listener);
        foreach (var one in (byte[])[.. ProxyHeaderBytes.Tcp6("2001:db8::7", 51234), .. "hello"u8])
        {
            await socket.SendAsync((byte[])[one]);
            await Task.Yield();
        }
        Assert.That(await ReceiveAsync(socket), Does.StartWith("[2001:db8::7]:51234 h"));
    }

    [Test]
    public async Task A_health_check_is_the_load_balancers_own()
    {
        var handler = new RecordingHandler();
        await using var listener = Start(handler);
        using var socket = await ConnectAsync(listener);
        await socket.SendAsync((byte[])[.. ProxyHeaderBytes.Local(), .. "hello"u8]);
        Assert.That(await ReceiveAsync(socket), Is.EqualTo($"{socket.LocalEndPoint} hello"));
    }

    [Test]
    public async Task Limits_by_address_are_of_the_client()
    {
        var handler = new RecordingHandler();
        await using var listener = Start(handler, perAddress: 1);
        using var first = await ConnectAsync(listener);
        await first.SendAsync((byte[])[.. ProxyHeaderBytes.Tcp4("203.0.113.7", 1), .. "a"u8]);
        Assert.That(await ReceiveAsync(first), Does.Contain("203.0.113.7"));
        using var second = await ConnectAsync(listener);
        await second.SendAsync(ProxyHeaderBytes.Tcp4("203.0.113.7", 2));
        Assert.That(await ReceiveAsync(second), Is.EqualTo("ConnectionsPerAddress"));
        using var other = await ConnectAsync(listener);
        await other.SendAsync((byte[])[.. ProxyHeaderBytes.Tcp4("203.0.113.8", 1), .. "a"u8]);
        Assert.That(await ReceiveAsync(other), Does.Contain("203.0.113.8"));
    }

    [TestCase("203.0.113.0/24", true, "not from a network of load balancers", TestName = "From_elsewhere")]
    [TestCase("127.0.0.0/8", false, "no header of version 2", TestName = "No_header")]
    public async Task What_does_not_come_through_a_load_balancer_is_closed(string network, bool sendsHeader, string why)
    {
        var handler = new RecordingHandler();
        await using var listener = Start(handler, network: network);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(await EndsAsync(socket, listener, sendsHeader ? ProxyHeaderBytes.Tcp4("203.0.113.7", 1) : "GET / HTTP/1.1\r\n\r\n"u8.ToArray()), Is.True);
        await Support.Eventually.IsTrueAsync(() => Task.FromResult(!handler.Rejections.IsEmpty), "it is told");
        Assert.That(handler.Rejections, Is.EqualTo(new[] { why }));
        Assert.That(handler.Served, Is.Zero);
    }

    [Test]
    public async Task A_header_of_the_text_version_is_closed()
    {
        var handler = new RecordingHandler();
        await using var listener = Start(handler);
        using var socket = await ConnectAsync(listener);
        await socket.SendAsync("PROXY TCP4 203.0.113.7 10.0.0.9 51234 5354\r\n"u8.ToArray());
        Assert.That(await EndsAsync(socket), Is.True);
        Assert.That(handler.Rejections, Is.EqualTo(new[] { "no header of version 2" }));
    }

    [Test]
    public async Task One_that_says_nothing_is_closed_in_time_and_holds_up_nobody()
    {
        var handler = new RecordingHandler();
        await using var listener = Start(handler, patience: TimeSpan.FromSeconds(1));
        using var silent = await ConnectAsync(listener);
        await silent.SendAsync(ProxyHeaderBytes.Local().AsMemory(0, 15));
        using var speaking = await ConnectAsync(listener);
        await speaking.SendAsync((byte[])[.. ProxyHeaderBytes.Local(), .. "hello"u8]);
        Assert.That(await ReceiveAsync(speaking), Does.EndWith(" hello"));
        Assert.That(await EndsAsync(silent), Is.True);
        Assert.That(handler.Rejections, Is.EqualTo(new[] { "no header in time" }));
    }

    private static Listener Start(RecordingHandler handler, string network = "127.0.0.0/8", int perAddress = 100, TimeSpan? patience = null)
    {
        var listener = new Listener(
            new ListenerSettings
            {
                EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                ConnectionsPerAddressMax = perAddress,
                ProxyProtocol = new ProxyProtocolReader([IPNetwork.Parse(network)], patience ?? TimeSpan.FromSeconds(30)),
            },
            handler, NullLogger.Instance);
        listener.Start();
        return listener;
    }

    private static async Task<Socket> ConnectAsync(Listener listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(listener.EndPoint);
        return socket;
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[200];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
    }

    /// <summary>Connects and sends; the reset can come as early as that.</summary>
    private static async Task<bool> EndsAsync(Socket socket, Listener listener, byte[] sent)
    {
        try
        {
            await socket.ConnectAsync(listener.EndPoint);
            await socket.SendAsync(sent);
            return await EndsAsync(socket);
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset)
        {
            return true;
        }
    }

    private static async Task<bool> EndsAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[10]) == 0;
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>Says whom it sees and what that sent first, and waits for the end.</summary>
    private sealed class RecordingHandler : IConnectionHandler
    {
        private int _served;

        public ConcurrentQueue<string> Rejections { get; } = new();

        public int Served => Volatile.Read(ref _served);

        public async Task HandleAsync(InboundConnection inbound)
        {
            Interlocked.Increment(ref _served);
            var connection = inbound.Connection;
            var read = await connection.Input.ReadAsync();
            await connection.Output.WriteAsync(
                System.Text.Encoding.ASCII.GetBytes($"{connection.RemoteEndPoint} {System.Text.Encoding.ASCII.GetString(read.Buffer.FirstSpan)}"));
            connection.Input.AdvanceTo(read.Buffer.End);
            inbound.Established();
            while (!(read = await connection.Input.ReadAsync()).IsCompleted)
                connection.Input.AdvanceTo(read.Buffer.End);
        }

        public async Task RefuseAsync(SocketConnection connection, AdmissionLimit limit, CancellationToken deadline) =>
            await connection.Output.WriteAsync(System.Text.Encoding.ASCII.GetBytes(limit.ToString()), deadline);

        public void Reject(EndPoint? peer, string why) => Rejections.Enqueue(why);
    }
}
