using System.Collections.Concurrent;
using Proxy.Core.Policy;
using Proxy.Host.Identity.Revocation;
using Proxy.Protocols;

namespace Proxy.Host.DataPlane;

/// <summary>
/// The sessions of this process: ended when their time is over, when what admitted them is withdrawn or revoked, when the gateway drains, and when
/// that takes too long. A session that enters after any of these was said hears of it at once.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="revocations">Whose access is revoked; asked when a session enters, since it may have been admitted a moment before.</param>
/// <param name="spread">Sessions that are to end at one moment end within so long before it, or within a tenth of their lives if that is less: a
/// thousand pools must not reconnect in the same second.</param>
public sealed class LiveSessions(TimeProvider time, RevocationList revocations, TimeSpan spread) : ISessionRegistry
{
    /// <summary>What a session gets to finish its transaction once its time is over.</summary>
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

    internal ICollection<LiveSession> All => _sessions.Values;

    public IDisposable Enter(Guid sessionId, Admission admission, SessionControls controls)
    {
        var now = time.GetUtcNow();
        var session = new LiveSession(sessionId, now, admission, controls, () => _sessions.TryRemove(sessionId, out _));
        _sessions[sessionId] = session;
        LimitLifetime(session, now);
        if (!_isStillAdmitted(admission)) Withdraw(session);
        if (admission.Principal is { } principal && revocations.Find(principal, admission.Grant, sessionId) is { } revocation) Revoke(session, revocation);
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

    /// <summary>Ends the sessions that a revocation, which is already in the list, is about. Completes with their number when they are over.</summary>
    public async Task<int> RevokeAsync(AccessRevocation revocation)
    {
        var concerned = _sessions.Values
            .Where(session => session.Admission.Principal is { } principal && revocation.Concerns(principal, session.Admission.Grant, session.Id)).ToArray();
        foreach (var session in concerned)
            Revoke(session, revocation);
        await Task.WhenAll(concerned.Select(static session => session.Over));
        return concerned.Length;
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

    private void LimitLifetime(LiveSession session, DateTimeOffset now)
    {
        var admission = session.Admission;
        var byToken = admission.Principal?.ExpiresAt ?? DateTimeOffset.MinValue;
        var left = (byToken < admission.EndsAt ? byToken : admission.EndsAt) - now;
        if (left >= TimerMax) return;
        if (left < TimeSpan.Zero) left = TimeSpan.Zero;
        var early = TimeSpan.FromTicks((long)(Math.Min(spread.Ticks, left.Ticks / 10) * Random.Shared.NextDouble()));
        var refusal = byToken <= admission.EndsAt
            ? Refusals.TokenExpiredInSession.Because("the token that admitted this session has expired")
            : Refusals.TokenExpiredInSession.Because("the time that this session was given is over");
        session.ExpireAfter(left - early, left + ExpiryGrace, refusal, time);
    }

    private void Withdraw(LiveSession session) =>
        session.Withdraw(Refusals.SignInNotAllowed.Because("the configuration under which this session was admitted has changed"), WithdrawalGrace, time);

    private void Revoke(LiveSession session, AccessRevocation revocation) =>
        session.Revoke(Refusals.SessionRevoked.Because($"{AccessRevocation.NameOf(revocation.Subject)} revoked"), WithdrawalGrace, time);
}
