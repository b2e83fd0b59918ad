namespace Proxy.Host.Transport;

/// <summary>
/// What the sweeper remembers of a connection between two sweeps. The hot path only counts; times are the sweeper's, so they are exact to its period.
/// </summary>
internal sealed class ConnectionActivity
{
    /// <summary>Of a connection that moves more often between two sweeps, buffers are kept.</summary>
    private const int SparseMovesMax = 20;

    private long _receives = -1;
    private long _sends = -1;
    private long _quietSince;
    private long _sendingSince;

    /// <summary>Whether little has moved between the last two sweeps; so is a connection that was never seen.</summary>
    public bool IsSparse { get; private set; } = true;

    /// <summary>How long nothing moved, and how long the present send has been going on.</summary>
    public (TimeSpan Quiet, TimeSpan Sending) Observe(long receives, long sends, bool isSending, TimeProvider time)
    {
        var now = time.GetTimestamp();
        if (receives != _receives || sends != _sends)
            _quietSince = now;
        if (sends != _sends || !isSending)
            _sendingSince = now;
        IsSparse = receives - _receives + sends - _sends <= SparseMovesMax;
        (_receives, _sends) = (receives, sends);
        return (time.GetElapsedTime(_quietSince, now), time.GetElapsedTime(_sendingSince, now));
    }
}
