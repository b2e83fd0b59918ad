namespace Proxy.Core.Policy;

/// <summary>The newest rules. Thread-safe; reading it costs nothing.</summary>
public interface IPolicySource
{
    AccessPolicy Current { get; }
}
