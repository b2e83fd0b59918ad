using Microsoft.Extensions.Logging;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Transport;

namespace Proxy.Host.Identity;

/// <summary>
/// An issuer's keys, kept fresh: fetched at first use, again when they grow old, and once per interval when a token names a key that is not
/// known (rotation). While the issuer cannot be reached the last good keys serve on, up to a bound; after it nobody is admitted.
/// </summary>
internal sealed class IssuerKeys : IDisposable
{
    private readonly IssuerOptions _issuer;
    private readonly IKeySetSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();

    private IssuerKeySet? _set;
    private Task? _fetch;
    private DateTimeOffset _lastAttempt = DateTimeOffset.MinValue;
    private volatile string? _problem;

    public IssuerKeys(IssuerOptions issuer, IKeySetSource source, TimeProvider time, ILogger log)
    {
        _issuer = issuer;
        _source = source;
        _time = time;
        _log = log;
    }

    public IssuerStatus Status
    {
        get
        {
            var set = Volatile.Read(ref _set);
            return new IssuerStatus(_issuer.Name, set is not null && IsBelieved(set) ? set.Count : 0, set?.FetchedAt, _problem);
        }
    }

    /// <summary>The keys of that name. Waits for a fetch only where the answer depends on it; a cancelled wait does not cancel the fetch for others.</summary>
    public async ValueTask<KeyLookup> FindAsync(string kid, CancellationToken cancellationToken)
    {
        if (Believed() is { } set && set.Find(kid) is { IsEmpty: false } keys)
        {
            if (_time.GetUtcNow() - set.FetchedAt >= TimeSpan.FromSeconds(_issuer.Keys.RefreshSeconds))
                _ = FetchUnlessRecent();
            return new KeyLookup(keys, false);
        }

        await FetchUnlessRecent().WaitAsync(cancellationToken);
        if (Believed() is not { } fetched)
            return KeyLookup.Unavailable;
        keys = fetched.Find(kid);
        if (!keys.IsEmpty)
            return new KeyLookup(keys, false);
        return _problem is null ? KeyLookup.Unknown : KeyLookup.Unavailable;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _source.Dispose();
        _stop.Dispose();
    }

    private IssuerKeySet? Believed() => Volatile.Read(ref _set) is { } set && IsBelieved(set) ? set : null;

    private bool IsBelieved(IssuerKeySet set) => _time.GetUtcNow() - set.FetchedAt < TimeSpan.FromSeconds(_issuer.Keys.AgeSecondsMax);

    /// <summary>The fetch under way, a new one, or nothing when one has just been made. Never fails.</summary>
    private Task FetchUnlessRecent()
    {
        lock (_gate)
        {
            if (_fetch is { IsCompleted: false })
                return _fetch;
            var now = _time.GetUtcNow();
            if (now - _lastAttempt < TimeSpan.FromSeconds(_issuer.Keys.RefreshOnUnknownKeySecondsMin))
                return Task.CompletedTask;
            _lastAttempt = now;
            return _fetch = OffSocketThread.Run(FetchAsync).AsTask();
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            var set = IssuerKeySet.Parse(await _source.FetchAsync(_stop.Token), _time.GetUtcNow());
            Volatile.Write(ref _set, set);
            _problem = null;
            Log.IssuerKeysFetched(_log, _issuer.Name, set.Count);
            foreach (var reason in set.Ignored)
                Log.IssuerKeyIgnored(_log, _issuer.Name, reason);
        }
        catch (KeySetException exception)
        {
            _problem = exception.Message;
            Log.IssuerKeysUnavailable(_log, _issuer.Name, exception.Message);
        }
#pragma warning disable CA1031 // Sign-ins wait for this task: whatever happens must be an answer, and the answer is that there are no new keys.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _problem = exception.GetType().Name;
            Log.IssuerKeysUnavailable(_log, _issuer.Name, exception.GetType().Name);
        }
    }
}
