using System.Collections.Concurrent;
using Proxy.Core.Policy;
using Proxy.Protocols;

namespace Proxy.Host.DataPlane;

/// <summary>The sessions of this process: counted by identity, ended when their token expires, when the gateway drains, and when that takes too long.</summary>
public sealed class LiveSessions(TimeProvider time) : ISessionRegistry
{
    /// <summary>What a session gets to finish its transaction once its token has expired.</summary>
    private static readonly TimeSpan ExpiryGrace = TimeSpan.FromSeconds(30);

    /// <summary>The longest a timer can wait.</summary>
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<Guid, LiveSession> _sessions = new();

    public int Count => _sessions.Count;

    public int CountOf(Principal principal) => _sessions.Values.Count(session => session.IsOf(principal));

    public IDisposable Enter(Guid sessionId, Principal principal, string target, Action<Refusal> endWhenIdle, Action abort)
    {
        var session = new LiveSession(principal, endWhenIdle, abort, () => _sessions.TryRemove(sessionId, out _));
        _sessions[sessionId] = session;
        var left = principal.ExpiresAt - time.GetUtcNow();
        if (left < TimerMax) session.ExpireAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left, ExpiryGrace, time);
        return session;
    }

    public void EndAllWhenIdle(Refusal refusal)
    {
        foreach (var session in _sessions.Values)
            session.EndWhenIdle(refusal);
    }

    public void AbortAll()
    {
        foreach (var session in _sessions.Values)
            session.Abort();
    }
}
