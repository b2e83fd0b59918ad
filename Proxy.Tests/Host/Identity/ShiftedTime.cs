namespace Proxy.Tests.Host.Identity;

/// <summary>The real clock with real timers, moved by an offset: for code that waits on the network, where a clock that stands still would hang.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
