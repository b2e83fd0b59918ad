namespace Proxy.Protocols;

/// <summary>Knows the live sessions, so that a drain, a revocation or a clock can end them.</summary>
public interface ISessionRegistry
{
    /// <summary>A session begins. Disposing says that it is over.</summary>
    IDisposable Enter(Guid sessionId, Admission admission, SessionControls controls);
}
