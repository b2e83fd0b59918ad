using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Proxy.Host.Transport;
using Proxy.Protocols;

namespace Proxy.Host.ServerCredentials;

/// <summary>
/// Keeps a credential for as long as its source says, and fetches a new one before it expires, beside the logins that still use the old one. One
/// fetch at a time serves all that wait; a failed one is not repeated for a second. A credential that the server rejects is fetched anew at once,
/// but not more often than every ten seconds: rotation is rare, and a wrong password must not become a storm.
/// </summary>
public sealed class CredentialCache(IServerCredentialSource source, string configuredUser, TimeProvider time, ILogger log) : IServerCredentials
{
    private static readonly TimeSpan FetchDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private FetchedCredential? _current;
    private Task<FetchedCredential>? _fetch;
    private DateTimeOffset _failedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _renewedAt = DateTimeOffset.MinValue;

    public async Task<ServerCredential> GetAsync(CancellationToken cancellationToken)
    {
        FetchedCredential? current;
        Task<FetchedCredential>? fetch = null;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            current = _current is { FreshUntil: not null } kept && !(kept.UseUntil <= now) ? kept : null;
            if (!(current?.FreshUntil > now))
                fetch = Fetch(now);
        }
        return CopyOf(current ?? await OffSocketThread.Await(fetch!.WaitAsync(cancellationToken)));
    }

    public async Task<ServerCredential?> RenewAsync(ServerCredential rejected, CancellationToken cancellationToken)
    {
        Task<FetchedCredential> fetch;
        lock (_gate)
        {
            if (_current is { FreshUntil: not null } current && !IsSame(current, rejected))
                return CopyOf(current); // Another session was rejected first.
            var now = time.GetUtcNow();
            if (now - _renewedAt < BetweenRenewals)
                return null;
            _renewedAt = now;
            _current = null;
            fetch = Fetch(now);
        }
        Log.CredentialRejected(log, source.Description);
        var fetched = await OffSocketThread.Await(fetch.WaitAsync(cancellationToken));
        return IsSame(fetched, rejected) ? null : CopyOf(fetched);
    }

    public override string ToString() => source.Description;

    /// <summary>The fetch under way, one that has just failed, or a new one. Called under the lock.</summary>
    private Task<FetchedCredential> Fetch(DateTimeOffset now)
    {
        if (_fetch is { IsCompleted: false } || (_fetch is { IsFaulted: true } && now - _failedAt < AfterFailure))
            return _fetch;
        return _fetch = OffSocketThread.Run(FetchAsync).AsTask();
    }

    private async Task<FetchedCredential> FetchAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(FetchDeadline, time);
            var fetched = await source.FetchAsync(deadline.Token);
            if (fetched.UseUntil <= time.GetUtcNow())
                throw new ServerCredentialException($"{source.Description}: it has expired already");
            lock (_gate)
                _current = fetched;
            return fetched;
        }
#pragma warning disable CA1031 // Logins wait for this task: whatever happens must be an answer, and must not carry what a library says about a secret.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            lock (_gate)
                _failedAt = time.GetUtcNow();
            var reason = failure as ServerCredentialException ?? new ServerCredentialException($"{source.Description}: {Reason(failure)}");
            Log.CredentialUnavailable(log, reason.Message);
            throw reason;
        }
    }

    private static string Reason(Exception failure) => failure is OperationCanceledException ? "no answer in time" : failure.GetType().Name;

    private bool IsSame(FetchedCredential fetched, ServerCredential other)
    {
        using var copy = CopyOf(fetched);
        return copy.User == other.User && CryptographicOperations.FixedTimeEquals(copy.Password, other.Password);
    }

    private ServerCredential CopyOf(FetchedCredential fetched) => new(UserOf(fetched), fetched.Password.RevealBytes());

    private string UserOf(FetchedCredential fetched) => fetched.User ?? configuredUser;
}
