using System.Net;
using System.Net.Sockets;

namespace Proxy.Host.Transport;

/// <summary>
/// A datagram socket that sends to itself. The runtime serves every socket from one of its engine threads, and with inline completions the reply
/// is handled on it: how late that happens is how long the thread was busy with something else.
/// </summary>
internal sealed class EngineProbe : IDisposable
{
    private static readonly byte[] SignOfLife = [1];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<int> _firstThread = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sentAt;
    private long _longestTicks;

    public EngineProbe(TimeProvider time)
    {
        _time = time;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Connect(_socket.LocalEndPoint!);
        _ = ReceiveAsync();
    }

    /// <summary>The engine thread that serves this probe, known after the first datagram.</summary>
    public Task<int> Thread => _firstThread.Task;

    /// <summary>Sends the next datagram, unless the last one has not come back yet.</summary>
    public void Ping()
    {
        if (Interlocked.CompareExchange(ref _sentAt, _time.GetTimestamp(), 0) == 0)
            _ = SendAsync();
    }

    /// <summary>The longest delay since the last call, counting the one that is going on.</summary>
    public TimeSpan TakeLongest()
    {
        var longest = TimeSpan.FromTicks(Interlocked.Exchange(ref _longestTicks, 0));
        var sentAt = Interlocked.Read(ref _sentAt);
        var now = sentAt == 0 ? TimeSpan.Zero : _time.GetElapsedTime(sentAt);
        return now > longest ? now : longest;
    }

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync()
    {
        try
        {
            await _socket.SendAsync(SignOfLife, SocketFlags.None);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed between two ticks.
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[1];
        try
        {
            while (true)
            {
                await _socket.ReceiveAsync(buffer, SocketFlags.None);
                _firstThread.TrySetResult(Environment.CurrentManagedThreadId);
                var late = _time.GetElapsedTime(Interlocked.Read(ref _sentAt)).Ticks;
                if (late > Interlocked.Read(ref _longestTicks))
                    Interlocked.Exchange(ref _longestTicks, late);
                Interlocked.Exchange(ref _sentAt, 0);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _firstThread.TrySetCanceled();
        }
    }
}
