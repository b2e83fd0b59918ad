namespace Proxy.Tests.Support;

/// <summary>The system's clock, late by so much.</summary>
public sealed class PastTime(TimeSpan ago) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - ago;
}
