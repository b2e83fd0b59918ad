using Proxy.Core.Policy;
using Proxy.Protocols;

namespace Proxy.Host.DataPlane;

/// <summary>One live session and the ways to end it. Disposed by the session itself when it is over.</summary>
internal sealed class LiveSession(Admission admission, Action<Refusal> endWhenIdle, Action abort, Action left) : IDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _expiry;
    private ITimer? _grace;
    private ITimer? _withdrawal;
    private bool _isOver;

    public Admission Admission { get; } = admission;

    public void EndWhenIdle(Refusal refusal)
    {
        lock (_gate)
            if (!_isOver) endWhenIdle(refusal);
    }

    public void Abort()
    {
        lock (_gate)
            if (!_isOver) abort();
    }

    public void ExpireAfter(TimeSpan lifetime, TimeSpan grace, TimeProvider time)
    {
        _expiry = time.CreateTimer(
            _ => EndWhenIdle(Refusals.TokenExpiredInSession.Because("the token that admitted this session has expired")),
            null, lifetime, Timeout.InfiniteTimeSpan);
        _grace = time.CreateTimer(_ => Abort(), null, lifetime + grace, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the session between transactions, or after the grace wherever it is.</summary>
    public void Withdraw(Refusal refusal, TimeSpan grace, TimeProvider time)
    {
        lock (_gate)
        {
            if (_isOver || _withdrawal is not null) return;
            _withdrawal = time.CreateTimer(_ => Abort(), null, grace, Timeout.InfiniteTimeSpan);
            endWhenIdle(refusal);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _isOver = true;
        _expiry?.Dispose();
        _grace?.Dispose();
        _withdrawal?.Dispose();
        left();
    }
}
