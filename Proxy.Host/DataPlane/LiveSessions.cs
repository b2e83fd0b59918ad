using System.Collections.Concurrent;
using Proxy.Core.Policy;
using Proxy.Protocols;

namespace Proxy.Host.DataPlane;

/// <summary>
/// The sessions of this process: ended when their token expires, when what admitted them is withdrawn, when the gateway drains, and when that takes too
/// long. A session that enters after any of these was said hears of it at once.
/// </summary>
public sealed class LiveSessions(TimeProvider time) : ISessionRegistry
{
    /// <summary>What a session gets to finish its transaction once its token has expired.</summary>
    private static readonly TimeSpan ExpiryGrace = TimeSpan.FromSeconds(30);

    /// <summary>What it gets once its access was withdrawn: revocation cuts live sessions in seconds (design §8).</summary>
    private static readonly TimeSpan WithdrawalGrace = TimeSpan.FromSeconds(1);

    /// <summary>The longest a timer can wait.</summary>
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<Guid, LiveSession> _sessions = new();
    private volatile Func<Admission, bool> _isStillAdmitted = static _ => true;
    private volatile Refusal? _ending;
    private volatile bool _isAborting;

    public int Count => _sessions.Count;

    public IDisposable Enter(Guid sessionId, Admission admission, Action<Refusal> endWhenIdle, Action abort)
    {
        var session = new LiveSession(admission, endWhenIdle, abort, () => _sessions.TryRemove(sessionId, out _));
        _sessions[sessionId] = session;
        var left = (admission.Principal?.ExpiresAt ?? DateTimeOffset.MinValue) - time.GetUtcNow();
        if (left < TimerMax) session.ExpireAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left, ExpiryGrace, time);
        if (!_isStillAdmitted(admission)) Withdraw(session);
        if (_ending is { } refusal) session.EndWhenIdle(refusal);
        if (_isAborting) session.Abort();
        return session;
    }

    /// <summary>The configuration has changed: ends the sessions that it would not admit as they are.</summary>
    public void Reconsider(Func<Admission, bool> isStillAdmitted)
    {
        _isStillAdmitted = isStillAdmitted;
        foreach (var session in _sessions.Values)
            if (!isStillAdmitted(session.Admission)) Withdraw(session);
    }

    public void EndAllWhenIdle(Refusal refusal)
    {
        _ending = refusal;
        foreach (var session in _sessions.Values)
            session.EndWhenIdle(refusal);
    }

    public void AbortAll()
    {
        _isAborting = true;
        foreach (var session in _sessions.Values)
            session.Abort();
    }

    private void Withdraw(LiveSession session) =>
        session.Withdraw(Refusals.SignInNotAllowed.Because("the configuration under which this session was admitted has changed"), WithdrawalGrace, time);
}
