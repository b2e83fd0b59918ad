using Proxy.Core.Policy;
using Proxy.Protocols;

namespace Proxy.Host.DataPlane;

/// <summary>
/// The limits on sessions: in all, of one identity, on one target. A place is taken before the session is built up and given back when it is over, so
/// that sign-ins at the same moment cannot pass a limit together.
/// </summary>
internal sealed class SessionPlaces
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Issuer, string Subject), int> _byIdentity = [];
    private readonly Dictionary<string, int> _byTarget = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public int CountOf(string target)
    {
        lock (_gate)
            return _byTarget.GetValueOrDefault(target);
    }

    /// <summary>A place, to be disposed; null when there is none, and then why.</summary>
    public IDisposable? TryTake(Principal principal, ITarget target, int sessionsMax, int perIdentityMax, int perTargetMax, out Refusal? refusal)
    {
        var identity = (principal.Issuer, principal.Subject);
        lock (_gate)
        {
            var ofIdentity = _byIdentity.GetValueOrDefault(identity);
            var ofTarget = _byTarget.GetValueOrDefault(target.Name);
            refusal = _count >= sessionsMax ? Refusals.TooManySessions.Because("the gateway is full")
                : ofTarget >= perTargetMax ? Refusals.TooManySessions.Because($"target {target.Name} is full")
                : ofIdentity >= perIdentityMax ? Refusals.TooManySessions.Because("this identity has too many sessions")
                : null;
            if (refusal is not null)
                return null;
            _count++;
            _byIdentity[identity] = ofIdentity + 1;
            _byTarget[target.Name] = ofTarget + 1;
        }
        return new Place(this, identity, target.Name);
    }

    private void Leave((string Issuer, string Subject) identity, string target)
    {
        lock (_gate)
        {
            _count--;
            if (--_byIdentity[identity] == 0)
                _byIdentity.Remove(identity);
            _byTarget[target]--;
        }
    }

    private sealed class Place(SessionPlaces places, (string Issuer, string Subject) identity, string target) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                places.Leave(identity, target);
        }
    }
}
