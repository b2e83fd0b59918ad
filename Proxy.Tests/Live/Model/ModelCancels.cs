using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>Requests to cancel what a session does: with its own key, and with keys that must do nothing.</summary>
internal static class ModelCancels
{
    /// <summary>Tries every key that is not the session's, and then its own.</summary>
    /// <exception cref="InvalidOperationException">A key did what it should not, or did not what it should.</exception>
    public static async Task CancelAsync(DialectHarness harness, DialectSession session)
    {
        await TryOthersAsync(harness, session);
        if (!await harness.CancelAsync(session.Key)) throw new InvalidOperationException("the session's own key cancelled nothing");
    }

    /// <summary>A key of a session that is over, another secret, a shorter one, an identifier that nobody has, and the server's own key.</summary>
    public static async Task TryOthersAsync(DialectHarness harness, DialectSession session)
    {
        var (own, secret) = (session.Key, (byte[])session.Key.Secret.Clone());
        secret[^1] ^= 1;
        foreach (var other in new[]
        {
            harness.StaleKey, own with { Secret = secret }, own with { Secret = own.Secret[..^1] }, own with { Secret = [] },
            own with { ProcessId = own.ProcessId ^ 1 }, session.ServerKey,
        })
            if (await harness.CancelAsync(other)) throw new InvalidOperationException($"{other} was passed on");
    }
}
