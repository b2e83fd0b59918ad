using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.Transport;
using Proxy.Protocols;

namespace Proxy.Tests.Host.Transport;

[CancelAfter(30_000)]
public sealed class ListenerTests
{
    [Test]
    public async Task Clients_that_say_nothing_hold_up_nobody()
    {
        var handler = new GreetingHandler();
        await using var listener = Start(handler, new ListenerSettings { EndPoint = Loopback });
        var silent = new List<Socket>();
        for (var i = 0; i < 200; i++)
            silent.Add(await ConnectAsync(listener));
        using var speaking = await ConnectAsync(listener);
        Assert.That(await AskAsync(speaking), Is.EqualTo("hello"));
        silent.ForEach(socket => socket.Dispose());
    }

    [Test]
    public async Task A_client_over_a_limit_is_told_which()
    {
        var handler = new GreetingHandler();
        await using var listener = Start(handler, new ListenerSettings { EndPoint = Loopback, ConnectionsPerAddressMax = 1 });
        using var first = await ConnectAsync(listener);
        Assert.That(await AskAsync(first), Is.EqualTo("hello"));
        using var second = await ConnectAsync(listener);
        Assert.That(await ReceiveAsync(second), Is.EqualTo("ConnectionsPerAddress"));
        Assert.That(listener.Refused, Is.EqualTo(1));
    }

    [Test]
    public async Task A_sign_in_counts_until_it_is_established()
    {
        var handler = new GreetingHandler();
        await using var listener = Start(handler, new ListenerSettings { EndPoint = Loopback, HandshakesMax = 1 });
        using var first = await ConnectAsync(listener);
        await handler.Arrived.WaitAsync();
        using var second = await ConnectAsync(listener);
        Assert.That(await ReceiveAsync(second), Is.EqualTo("Handshakes"));
        Assert.That(await AskAsync(first), Is.EqualTo("hello"));
        using var third = await ConnectAsync(listener);
        Assert.That(await AskAsync(third), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_client_that_is_gone_frees_its_place()
    {
        var handler = new GreetingHandler();
        await using var listener = Start(handler, new ListenerSettings { EndPoint = Loopback, ConnectionsMax = 1 });
        for (var i = 0; i < 3; i++)
        {
            using (var client = await ConnectAsync(listener))
                Assert.That(await AskAsync(client), Is.EqualTo("hello"));
            await handler.Left.WaitAsync();
            while (listener.Connections > 0)
                await Task.Yield();
        }
    }

    [Test]
    public async Task A_sign_in_that_takes_too_long_is_ended()
    {
        var time = new FakeTimeProvider();
        var handler = new GreetingHandler();
        await using var listener = Start(handler, new ListenerSettings { EndPoint = Loopback }, time);
        using var client = await ConnectAsync(listener);
        await handler.Arrived.WaitAsync();
        time.Advance(TimeSpan.FromSeconds(31));
        await handler.Left.WaitAsync();
        Assert.That(handler.LastEnd, Is.EqualTo(ConnectionEnd.HandshakeTimeout));
    }

    [Test]
    public async Task Stopping_closes_the_port_and_leaves_connections_alone()
    {
        var handler = new GreetingHandler();
        await using var listener = Start(handler, new ListenerSettings { EndPoint = Loopback });
        using var client = await ConnectAsync(listener);
        Assert.That(await AskAsync(client), Is.EqualTo("hello"));
        await listener.StopAcceptingAsync();
        Assert.That(async () => await ConnectAsync(listener), Throws.InstanceOf<SocketException>());
        Assert.That(await AskAsync(client), Is.EqualTo("hello"));
        Assert.That(listener.Empty.IsCompleted, Is.False);
        client.Dispose();
        await listener.Empty;
    }

    [Test]
    public async Task A_fault_in_one_connection_does_not_reach_the_next()
    {
        var handler = new GreetingHandler { Fault = new InvalidDataException("boom") };
        await using var listener = Start(handler, new ListenerSettings { EndPoint = Loopback });
        using var first = await ConnectAsync(listener);
        Assert.That(await ReceiveAsync(first), Is.Empty);
        handler.Fault = null;
        using var second = await ConnectAsync(listener);
        Assert.That(await AskAsync(second), Is.EqualTo("hello"));
    }

    private static IPEndPoint Loopback => new(IPAddress.Loopback, 0);

    private static Listener Start(IConnectionHandler handler, ListenerSettings options, TimeProvider? time = null)
    {
        var listener = new Listener(options, handler, NullLogger.Instance, time);
        listener.Start();
        return listener;
    }

    private static async Task<Socket> ConnectAsync(Listener listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.EndPoint);
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket)
    {
        await socket.SendAsync("?"u8.ToArray());
        return await ReceiveAsync(socket);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[100];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
    }

    /// <summary>Answers every byte with a greeting; the first byte signs the client in.</summary>
    private sealed class GreetingHandler : IConnectionHandler
    {
        public SemaphoreSlim Arrived { get; } = new(0);

        public SemaphoreSlim Left { get; } = new(0);

        public ConnectionEnd LastEnd { get; private set; }

        public Exception? Fault { get; set; }

        public async Task HandleAsync(InboundConnection inbound)
        {
            Arrived.Release();
            if (Fault is not null)
                throw Fault;
            while (true)
            {
                var result = await inbound.Connection.Input.ReadAsync();
                if (result.IsCompleted)
                    break;
                inbound.Established();
                inbound.Connection.Input.AdvanceTo(result.Buffer.End);
                await inbound.Connection.Output.WriteAsync("hello"u8.ToArray());
            }
            LastEnd = inbound.Connection.End;
            Left.Release();
        }

        public async Task RefuseAsync(SocketConnection connection, AdmissionLimit limit, CancellationToken deadline) =>
            await connection.Output.WriteAsync(System.Text.Encoding.ASCII.GetBytes(limit.ToString()), deadline);
    }
}
