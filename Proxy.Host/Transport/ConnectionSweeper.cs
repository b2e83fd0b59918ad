using System.Collections.Concurrent;
using Proxy.Protocols;

namespace Proxy.Host.Transport;

/// <summary>
/// One timer for all connections: ends those that are idle for too long and those whose peer has stopped reading, and lets those that are busy keep
/// their buffers. A timer or a cancellation
/// per read would cost the hot path; this costs it two counters.
/// </summary>
public sealed class ConnectionSweeper : IDisposable
{
    private readonly ConcurrentDictionary<SocketConnection, bool> _connections = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public ConnectionSweeper(TimeProvider time, TimeSpan period)
    {
        _time = time;
        _timer = time.CreateTimer(static sweeper => ((ConnectionSweeper)sweeper!).Sweep(), this, period, period);
    }

    /// <summary>The process's own, once a second.</summary>
    public static ConnectionSweeper Shared { get; } = new(TimeProvider.System, TimeSpan.FromSeconds(1));

    public int Count => _connections.Count;

    public void Dispose() => _timer.Dispose();

    internal void Add(SocketConnection connection) => _connections[connection] = true;

    internal void Remove(SocketConnection connection) => _connections.TryRemove(connection, out _);

    private void Sweep()
    {
        foreach (var (connection, _) in _connections)
        {
            var (quiet, sending) = connection.Activity.Observe(connection.Reader.Receives, connection.Writer.Sends, connection.Writer.IsSending, _time);
            if (connection.SendTimeout is { } sendLimit && sending >= sendLimit)
                connection.Abort(ConnectionEnd.SendTimeout);
            else if (connection.IdleTimeout is { } idleLimit && quiet >= idleLimit && !connection.Writer.IsSending)
                connection.Abort(ConnectionEnd.IdleTimeout);
            else
                connection.TendBuffers();
        }
    }
}
