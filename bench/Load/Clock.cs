namespace Proxy.Bench.Load;

/// <summary>The wall clock that pgbench stamps its log with: windows and transactions must agree on it.</summary>
internal static class Clock
{
    public static long Microseconds() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
