using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;
using Proxy.Host.Transport;

namespace Proxy.Host.Catalogue;

/// <summary>
/// Keeps the catalogue of one database current: asks for a fingerprint every two seconds, reloads when it changed, and says when it has not heard
/// from the server for too long. How old <see cref="Current"/> can be while <see cref="IsFresh"/> is true is therefore bounded by
/// <see cref="FreshFor"/>.
/// </summary>
public sealed class CatalogueSource : ICatalogueSource, IAsyncDisposable
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);

    /// <summary>Between polls that sessions ask for, so that a session full of temporary tables does not make the server busy.</summary>
    public static readonly TimeSpan RequestIntervalMin = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an answer that names unknown relations waits for a newer catalogue, and between looks at it.</summary>
    private static readonly TimeSpan RefreshPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RefreshStep = TimeSpan.FromMilliseconds(20);

    /// <summary>Between attempts to listen: how soon a new event trigger is noticed.</summary>
    private static readonly TimeSpan ListenInterval = TimeSpan.FromSeconds(15);

    /// <summary>Between loads while a lock keeps the server from printing everything.</summary>
    private static readonly TimeSpan MissingInterval = TimeSpan.FromSeconds(10);

    private readonly ICatalogueLoader _loader;
    private readonly ISqlFrontEnd _frontEnd;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _building = new();
    private volatile IColumnClassifier _classifier;
    private CatalogueSnapshot _current = CatalogueSnapshot.Empty;
    private CatalogueFacts? _facts;
    private CatalogueDefinitions _definitions = CatalogueDefinitions.None;
    private string? _fingerprint;
    private long _heardAt;
    private long _loadedAt;
    private long _loads;
    private int _changing;
    private long _doubtedAt = long.MinValue;
    private readonly Func<ImmutableArray<ServerRights>, string?>? _objection;
    private volatile string? _failure = "the catalogue has not been loaded yet";
    private volatile string? _objected;
    private Task _polling = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;

    /// <param name="loader">Disposed with this.</param>
    /// <param name="classifier">What people say of columns and functions.</param>
    /// <param name="frontEnd">Reads the SQL of views and functions.</param>
    /// <param name="time">The clock of polls and of freshness.</param>
    /// <param name="objection">Asked at each load why the rights of the database's users are such that nothing may run; null when they are not.</param>
    public CatalogueSource(
        ICatalogueLoader loader, IColumnClassifier classifier, ISqlFrontEnd frontEnd, TimeProvider time, Func<ImmutableArray<ServerRights>, string?>? objection = null)
    {
        _objection = objection;
        _loader = loader;
        _classifier = classifier;
        _frontEnd = frontEnd;
        _time = time;
    }

    /// <summary>After every new snapshot, on a pool thread.</summary>
    public event EventHandler? Changed;

    public CatalogueSnapshot Current => Volatile.Read(ref _current);

    public long ConfirmedAt => Current.Version == 0 ? long.MinValue : Volatile.Read(ref _heardAt);

    /// <summary>Since the server was last heard of; null before the first time.</summary>
    public TimeSpan? Age => Current.Version == 0 ? null : _time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>How often the catalogue was read whole.</summary>
    public long Loads => Interlocked.Read(ref _loads);

    public bool IsFresh => Current.Version != 0 && _objected is null && _time.GetElapsedTime(Volatile.Read(ref _heardAt)) < FreshFor;

    public string? StaleReason => IsFresh ? null : _objected ?? _failure ?? "the server has not answered the catalogue's questions for some seconds";

    /// <summary>Begins to load and to poll; returns at once.</summary>
    public void Start()
    {
        _polling = OffSocketThread.Run(() => PollAsync(_stopping.Token)).AsTask();
        _listening = OffSocketThread.Run(() => ListenAsync(_stopping.Token)).AsTask();
    }

    /// <summary>Loads at once and throws what went wrong, for <c>phigate check</c>.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) => OffSocketThread.Run(() => ReloadAsync(cancellationToken)).AsTask();

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var askedAt = _time.GetTimestamp();
        while (ConfirmedAt < askedAt && _time.GetElapsedTime(askedAt) < RefreshPatience)
        {
            RequestRefresh();
            await OffSocketThread.Await(Task.Delay(RefreshStep, _time, cancellationToken));
        }
    }

    public bool IsInDoubt => Volatile.Read(ref _changing) > 0 || Volatile.Read(ref _doubtedAt) > ConfirmedAt;

    public void BeginChange() => Interlocked.Increment(ref _changing);

    public void EndChange(bool isCommitted)
    {
        // In this order: whoever sees the change ended sees the doubt.
        if (isCommitted)
            Volatile.Write(ref _doubtedAt, _time.GetTimestamp());
        Interlocked.Decrement(ref _changing);
        if (isCommitted)
            RequestRefresh();
    }

    public void RequestRefresh()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    /// <summary>Judges what is known by a new classification; takes milliseconds to some hundreds of them, on the caller's thread.</summary>
    public void Reclassify(IColumnClassifier classifier)
    {
        _classifier = classifier;
        if (Volatile.Read(ref _facts) is not null)
            Rebuild(null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await OffSocketThread.Await(_polling);
        await OffSocketThread.Await(_listening);
        await _loader.DisposeAsync();
        _stopping.Dispose();
        _wake.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong with the server, the catalogue becomes stale and says so; the loop goes on.")]
    private async Task PollAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await PollOnceAsync(cancellationToken);
                await WaitAsync(cancellationToken);
                continue;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                _failure = _loader.Explain(error) ?? $"the catalogue could not be read ({error.GetType().Name})";
            }
            await WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Where the database announces DDL, the next poll comes at once. Without that, or without a connection for it, polling is enough.</summary>
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _loader.ListenAsync(RequestRefresh, cancellationToken);
            }
            catch (Exception error) when (error is OperationCanceledException || _loader.Explain(error) is not null)
            {
                // Tried again: the poll says what is wrong with the server.
            }
            await Task.Delay(ListenInterval, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PollOnceAsync(CancellationToken cancellationToken)
    {
        // The answer is about the moment it was asked, not about when it came.
        var askedAt = _time.GetTimestamp();
        if (_fingerprint is not null && await _loader.FingerprintAsync(cancellationToken) == _fingerprint)
        {
            Heard(askedAt);
            if (_facts is not { MissingTexts: > 0 } || _time.GetElapsedTime(_loadedAt) < MissingInterval)
                return;
        }
        await ReloadAsync(cancellationToken);
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var askedAt = _time.GetTimestamp();
        var (facts, fingerprint) = await _loader.LoadAsync(cancellationToken);
        if (_objection is not null)
            _objected = _objection(await _loader.RightsAsync(cancellationToken));
        Rebuild(facts, await CatalogueDefinitions.ReadAsync(facts, _frontEnd, cancellationToken));
        _fingerprint = fingerprint;
        _loadedAt = askedAt;
        Interlocked.Increment(ref _loads);
        Heard(askedAt);
    }

    private void Heard(long askedAt)
    {
        Volatile.Write(ref _heardAt, askedAt);
        _failure = null;
    }

    private void Rebuild(CatalogueFacts? loaded, CatalogueDefinitions? read)
    {
        lock (_building)
        {
            var facts = loaded ?? _facts;
            if (facts is null)
                return;
            Volatile.Write(ref _facts, facts);
            _definitions = read ?? _definitions;
            Volatile.Write(ref _current, SnapshotBuilder.Build(Current.Version + 1, facts, _classifier, _definitions, previous: Current));
        }
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(RequestIntervalMin, _time, cancellationToken);
        await _wake.WaitAsync(PollInterval - RequestIntervalMin, cancellationToken);
    }
}
