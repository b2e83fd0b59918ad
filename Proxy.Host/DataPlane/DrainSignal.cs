namespace Proxy.Host.DataPlane;

/// <summary>Says once that the process is to end, and once that its time for that is over.</summary>
public sealed class DrainSignal(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _deadline = new();
    private ITimer? _timer;
    private int _begun;

    /// <summary>Fires when no new work is to be taken on. Callbacks run on the pool.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Fires when what is still running must end now.</summary>
    public CancellationToken Deadline => _deadline.Token;

    public bool IsDraining => _draining.IsCancellationRequested;

    /// <summary>Begins to drain; a second call changes nothing, and returns false.</summary>
    public bool Begin(TimeSpan timeout)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            return false;
        _timer = time.CreateTimer(static signal => ((DrainSignal)signal!).Expire(), this, timeout, Timeout.InfiniteTimeSpan);
        _ = _draining.CancelAsync();
        return true;
    }

    /// <summary>Ends the patience: drain, if that was not said yet, and no more waiting.</summary>
    public void Expire()
    {
        Begin(Timeout.InfiniteTimeSpan);
        _ = _deadline.CancelAsync();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _draining.Dispose();
        _deadline.Dispose();
    }
}
