using Proxy.Core.Policy;

namespace Proxy.Tests.Support;

/// <summary>A policy that a test changes while sessions live.</summary>
public sealed class SwitchablePolicy(AccessPolicy first) : IPolicySource
{
    private AccessPolicy _current = first;

    public AccessPolicy Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
