using Proxy.Core.Policy;
using Proxy.Protocols;

namespace Proxy.Host.DataPlane;

/// <summary>One live session and the ways to end it. Disposed by the session itself when it is over.</summary>
internal sealed class LiveSession(Guid id, DateTimeOffset since, Admission admission, SessionControls controls, Action left) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _expiry;
    private ITimer? _grace;
    private ITimer? _withdrawal;
    private bool _isOver;

    public Guid Id => id;

    public DateTimeOffset Since => since;

    public Admission Admission => admission;

    /// <summary>Completes when nothing of it can reach a server any more.</summary>
    public Task Over => _over.Task;

    public void EndWhenIdle(Refusal refusal)
    {
        lock (_gate)
            if (!_isOver) controls.EndWhenIdle(refusal);
    }

    public void Abort()
    {
        lock (_gate)
            if (!_isOver) controls.Abort();
    }

    /// <param name="lifetime">Until it is told.</param>
    /// <param name="patience">Until it is cut, from now.</param>
    /// <param name="refusal">Its last words.</param>
    /// <param name="time">The clock.</param>
    public void ExpireAfter(TimeSpan lifetime, TimeSpan patience, Refusal refusal, TimeProvider time)
    {
        _expiry = time.CreateTimer(_ => EndWhenIdle(refusal), null, lifetime, Timeout.InfiniteTimeSpan);
        _grace = time.CreateTimer(_ => Abort(), null, patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the session between transactions, or after the grace wherever it is.</summary>
    public void Withdraw(Refusal refusal, TimeSpan grace, TimeProvider time) => EndWithin(controls.EndWhenIdle, refusal, grace, time);

    /// <summary>Takes no further request, lets what is under way finish within the grace, and ends.</summary>
    public void Revoke(Refusal refusal, TimeSpan grace, TimeProvider time) => EndWithin(controls.TakeNoMore, refusal, grace, time);

    public void Dispose()
    {
        lock (_gate)
            _isOver = true;
        _expiry?.Dispose();
        _grace?.Dispose();
        _withdrawal?.Dispose();
        left();
        _over.TrySetResult();
    }

    private void EndWithin(Action<Refusal> end, Refusal refusal, TimeSpan grace, TimeProvider time)
    {
        lock (_gate)
        {
            if (_isOver) return;
            _withdrawal ??= time.CreateTimer(_ => Abort(), null, grace, Timeout.InfiniteTimeSpan);
            end(refusal);
        }
    }
}
