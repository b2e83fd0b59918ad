using System.Collections.Concurrent;
using Proxy.Core.Policy;
using Proxy.Protocols;

namespace Proxy.Tests.Support;

/// <summary>The live sessions of a <see cref="GatewayHarness"/>, for tests that end them.</summary>
public sealed class HarnessSessions : ISessionRegistry
{
    private readonly ConcurrentDictionary<Guid, SessionControls> _live = new();

    public int Count => _live.Count;

    public IDisposable Enter(Guid sessionId, Admission admission, SessionControls controls)
    {
        _live[sessionId] = controls;
        return new Leave(() => _live.TryRemove(sessionId, out _));
    }

    public void EndAllWhenIdle(Refusal refusal)
    {
        foreach (var session in _live.Values)
            session.EndWhenIdle(refusal);
    }

    public void TakeNoMoreOfAll(Refusal refusal)
    {
        foreach (var session in _live.Values)
            session.TakeNoMore(refusal);
    }

    public void AbortAll()
    {
        foreach (var session in _live.Values)
            session.Abort();
    }

    private sealed class Leave(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
