namespace Proxy.Host.Transport;

/// <summary>
/// What the sweeper remembers of a connection between two sweeps. The hot path only counts; times are the sweeper's, so they are exact to its period.
/// </summary>
internal sealed class ConnectionActivity
{
    private long _receives = -1;
    private long _sends = -1;
    private long _quietSince;
    private long _sendingSince;

    /// <summary>How long nothing moved, and how long the present send has been going on.</summary>
    public (TimeSpan Quiet, TimeSpan Sending) Observe(long receives, long sends, bool isSending, TimeProvider time)
    {
        var now = time.GetTimestamp();
        if (receives != _receives || sends != _sends)
            _quietSince = now;
        if (sends != _sends || !isSending)
            _sendingSince = now;
        (_receives, _sends) = (receives, sends);
        return (time.GetElapsedTime(_quietSince, now), time.GetElapsedTime(_sendingSince, now));
    }
}
