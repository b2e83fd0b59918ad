namespace Proxy.Protocols;

/// <summary>
/// Notices that a session is idle by looking now and then, so that the hot path pays for a counter only. A session is found idle after its timeout and
/// before an eighth more of it.
/// </summary>
internal sealed class IdleWatch : IDisposable
{
    private const int Looks = 8;

    private readonly Func<bool> _wasActive;
    private readonly Action _end;
    private readonly Action _abort;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private int _quiet;
    private bool _isOver;

    /// <param name="timeout">How long a session may be idle.</param>
    /// <param name="wasActive">Whether anything happened since it was asked last.</param>
    /// <param name="end">Ends the session if it is between transactions.</param>
    /// <param name="abort">Ends it wherever it is; called when <paramref name="end"/> did not help.</param>
    /// <param name="time">The clock.</param>
    public IdleWatch(TimeSpan timeout, Func<bool> wasActive, Action end, Action abort, TimeProvider time)
    {
        _wasActive = wasActive;
        _end = end;
        _abort = abort;
        _timer = time.CreateTimer(static watch => ((IdleWatch)watch!).Look(), this, timeout / Looks, timeout / Looks);
    }

    /// <summary>After this neither action is called any more.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
            _isOver = true;
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_isOver) return;
            _quiet = _wasActive() ? 0 : _quiet + 1;
            if (_quiet == Looks) _end();
            else if (_quiet > Looks) _abort();
        }
    }
}
