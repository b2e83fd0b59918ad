using Proxy.Core.Policy;

namespace Proxy.Host.DataPlane;

/// <summary>One live session and the ways to end it. Disposed by the session itself when it is over.</summary>
internal sealed class LiveSession(Principal principal, Action<Refusal> endWhenIdle, Action abort, Action left) : IDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _expiry;
    private ITimer? _grace;
    private bool _isOver;

    public bool IsOf(Principal other) => principal.Issuer == other.Issuer && principal.Subject == other.Subject;

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

    public void Dispose()
    {
        lock (_gate)
            _isOver = true;
        _expiry?.Dispose();
        _grace?.Dispose();
        left();
    }
}
