namespace Proxy.Tests.Policies;

/// <summary>Noon of a Wednesday: rules with hours decide the same whenever the tests run.</summary>
internal sealed class FixedTime : TimeProvider
{
    public static FixedTime Noon { get; } = new();

    public override DateTimeOffset GetUtcNow() => new(2025, 6, 4, 12, 0, 0, TimeSpan.Zero);
}
