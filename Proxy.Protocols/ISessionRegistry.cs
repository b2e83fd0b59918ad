using Proxy.Core.Policy;

namespace Proxy.Protocols;

/// <summary>Knows the live sessions, so that a drain, a revocation or a clock can end them.</summary>
public interface ISessionRegistry
{
    /// <summary>A session begins. <paramref name="endWhenIdle"/> ends it between transactions, with this refusal as its last words; <paramref name="abort"/> ends it at once. Disposing says that it is over.</summary>
    IDisposable Enter(Guid sessionId, Admission admission, Action<Refusal> endWhenIdle, Action abort);
}
