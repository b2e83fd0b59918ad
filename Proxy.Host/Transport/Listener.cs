using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Proxy.Host.Transport.ProxyProtocol;
using Proxy.Protocols;

namespace Proxy.Host.Transport;

/// <summary>
/// Accepts connections and gives each to the pool at once, so that no client can hold up the next one. Over a limit the client is told so, with
/// a short deadline, or merely closed when too many are being told already.
/// </summary>
public sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterAcceptError = TimeSpan.FromMilliseconds(100);

    private readonly ListenerSettings _options;
    private readonly IConnectionHandler _handler;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly ConnectionCounts _counts;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _accepting = Task.CompletedTask;
    private int _open = 1; // The accept loop counts as one, so that the listener is empty only after it has ended.
    private int _refusals;
    private long _accepted;
    private long _refused;

    /// <summary>Binds and listens; <see cref="Start"/> begins to accept.</summary>
    /// <exception cref="SocketException">The end point is taken or not ours.</exception>
    public Listener(ListenerSettings options, IConnectionHandler handler, ILogger log, TimeProvider? time = null)
    {
        _options = options;
        _handler = handler;
        _log = log;
        _time = time ?? TimeProvider.System;
        _counts = new ConnectionCounts(options);
        _socket = new Socket(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (options.EndPoint.Address.Equals(IPAddress.IPv6Any))
                _socket.DualMode = true;
            _socket.Bind(options.EndPoint);
            _socket.Listen(options.Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Where it listens, with the port that was taken.</summary>
    public IPEndPoint EndPoint { get; }

    public int Connections => _counts.Connections;

    public int Handshakes => _counts.Handshakes;

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Ends when accepting has stopped and every connection is closed.</summary>
    public Task Empty => _empty.Task;

    public void Start() => _accepting = Task.Run(AcceptAsync);

    /// <summary>Stops accepting: the port is closed, connections live on. For draining.</summary>
    public async Task StopAcceptingAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await OffSocketThread.Await(_accepting);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    var socket = await _socket.AcceptAsync(_stopping.Token);
                    Interlocked.Increment(ref _open);
                    ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Listener.ServeAsync(work.Socket), (Listener: this, Socket: socket), preferLocal: false);
                }
                catch (SocketException e) when (!_stopping.IsCancellationRequested)
                {
                    if (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Interrupted)
                        continue; // That client has gone already.

                    // Out of descriptors or memory: the queue stays full, so trying at once would spin.
                    Log.AcceptFailed(_log, EndPoint, e.SocketErrorCode);
                    await OffSocketThread.Await(Task.Delay(PauseAfterAcceptError, _time, _stopping.Token));
                }
            }
        }
        catch (Exception e) when (_stopping.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Asked to stop.
        }
        finally
        {
            Close();
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _accepted);
        EndPoint? peer = null;
        try
        {
            peer = socket.RemoteEndPoint;
            var client = _options.ProxyProtocol is { } proxies ? await proxies.ReadAsync(socket) : peer as IPEndPoint;
            var address = client?.Address ?? IPAddress.None;
            await using var connection = new SocketConnection(socket, _options.Connection, client: client);
            if (_counts.TryEnter(address) is { } limit)
                await RefuseAsync(connection, limit);
            else
                await HandleAsync(connection, address);
        }
        catch (ProxyProtocolException e)
        {
            // Nothing that was sent has been looked at as a client's. Who does not come through the load balancer gets no answer.
            Log.ProxyHeaderRejected(_log, EndPoint, e.Message);
            _handler.Reject(peer, e.Message);
            socket.Close(timeout: 0);
        }
        catch (SocketException)
        {
            // Reset before we looked at it: there is no remote end point, or options cannot be set.
            socket.Dispose();
        }
        catch (Exception e)
        {
            // A fault in one session must not take the others along.
            Log.ConnectionFaulted(_log, EndPoint, e);
        }
        finally
        {
            Close();
        }
    }

    private async Task HandleAsync(SocketConnection connection, IPAddress address)
    {
        var inbound = new InboundConnection(connection, _counts.HandshakeDone);
        var deadline = _time.CreateTimer(
            static state =>
            {
                var waiting = (InboundConnection)state!;
                if (!waiting.IsEstablished)
                    waiting.Connection.Abort(ConnectionEnd.HandshakeTimeout);
            },
            inbound, _options.HandshakeTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            await _handler.HandleAsync(inbound);
        }
        finally
        {
            await deadline.DisposeAsync();
            inbound.Established();
            _counts.Leave(address);
        }
    }

    private async Task RefuseAsync(SocketConnection connection, AdmissionLimit limit)
    {
        Interlocked.Increment(ref _refused);
        Log.ConnectionRefused(_log, EndPoint, limit);
        try
        {
            if (Interlocked.Increment(ref _refusals) > _options.RefusalsMax)
            {
                connection.Abort();
                return;
            }
            using var deadline = new CancellationTokenSource(_options.RefusalTimeout, _time);
            await using var giveUp = deadline.Token.UnsafeRegister(static refused => ((SocketConnection)refused!).Abort(), connection);
            await _handler.RefuseAsync(connection, limit, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // The client was too slow even for that.
        }
        finally
        {
            Interlocked.Decrement(ref _refusals);
        }
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _empty.TrySetResult();
    }
}
