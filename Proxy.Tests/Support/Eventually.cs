using NUnit.Framework;

namespace Proxy.Tests.Support;

/// <summary>For what happens soon but not at once: asks until it is so, and fails after a deadline that has nothing to do with how fast it should be.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task IsTrueAsync(Func<Task<bool>> condition, string what) => IsTrueAsync(condition, what, Deadline);

    /// <summary>With a deadline of its own, for what waits for a store or a service that comes back.</summary>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
                Assert.Fail($"This did not become true within {within}: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }
}
