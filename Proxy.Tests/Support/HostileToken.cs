using Proxy.Core.Policy;

namespace Proxy.Tests.Support;

/// <summary>A token that must not admit.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Refusal">What it gets.</param>
/// <param name="Make">Makes it.</param>
public sealed record HostileToken(string Name, RefusalKind Refusal, Func<string> Make)
{
    public override string ToString() => Name;
}
