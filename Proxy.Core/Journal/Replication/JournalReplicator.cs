using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Replication;

/// <summary>
/// Keeps a second copy of the journal on another machine, byte for byte, and says when it has which record. While it does not, nothing new is to be
/// forwarded. Sends from a thread of its own, because files and the connection block; nobody ever waits for it but by <see cref="WhenReplicatedAsync"/>.
/// </summary>
internal sealed class JournalReplicator : IDisposable
{
    private static readonly TimeSpan BusyInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Both ends read a whole segment before they agree.</summary>
    private static readonly TimeSpan GreetingPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);

    private readonly ReplicaOptions _options;
    private readonly Guid _journalId;
    private readonly ReplicaFeed _feed;
    private readonly ReplicaAcknowledgements _acknowledgements;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _watch;
    private readonly TimeProvider _time;
    private volatile ReplicaConnection? _connection;
    private long _begunAt;
    private long _connections;
    private bool _wasTold;
    private volatile string? _outage;
    private volatile bool _isClosing;
    private volatile bool _isStopped;

    public JournalReplicator(ReplicaOptions options, string directory, Guid journalId, SegmentChain chain, long firstOfRun, TimeProvider time)
    {
        _options = options;
        _time = time;
        _journalId = journalId;
        _feed = new ReplicaFeed(directory, chain, firstOfRun, time);
        _acknowledgements = new ReplicaAcknowledgements(options.Patience, time);
        _outage = $"The journal's replica {options.Connector.Name} has not answered yet.";
        _watch = time.CreateTimer(static replicator => ((JournalReplicator)replicator!).Watch(), this, WatchInterval, WatchInterval);
    }

    /// <summary>Why nothing can be replicated; null while everything is.</summary>
    public string? Outage => _outage;

    public ReplicaFigures Figures => new(_outage is null, _acknowledgements.Record, Interlocked.Read(ref _connections));

    public void Start() => new Thread(Run, 256 * 1024) { IsBackground = true, Name = "journal replication" }.Start();

    /// <summary>Comes back when the replica has this record and all before it; false when it has not within the patience.</summary>
    public ValueTask<bool> WhenReplicatedAsync(long number, CancellationToken cancellation) => _acknowledgements.WhenAcknowledgedAsync(number, cancellation);

    /// <summary>After the journal was closed and its last head is signed: sends what is left, as long as the patience allows.</summary>
    public async Task StopAsync()
    {
        _isClosing = true;
        _acknowledgements.Wanted.Set();
        try
        {
            await _ended.Task.WaitAsync(_options.Patience);
        }
        catch (TimeoutException)
        {
            _isStopped = true;
            _connection?.Abort("The journal is closed.");
            _acknowledgements.Wanted.Set();
            await _ended.Task.WaitAsync(_options.Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _acknowledgements.Close();
    }

    public void Dispose() => _watch.Dispose();

    private void Run()
    {
        try
        {
            while (!_isStopped && !IsServed())
                _acknowledgements.Wanted.WaitOne(_options.RetryInterval);
        }
        catch (Exception failure)
        {
            Lose($"The journal's replication has stopped: {failure.Message}");
        }
        finally
        {
            _feed.Dispose();
            _ended.TrySetResult();
        }
    }

    /// <summary>Serves one connection; true when nothing is left to be done, or to be tried.</summary>
    private bool IsServed()
    {
        string? reason;
        try
        {
            using var connection = new ReplicaConnection(_options.Connector.Connect(_options.Patience), _acknowledgements, Resume);
            reason = ReasonOfEnd(connection);
        }
        catch (IOException unreachable)
        {
            reason = unreachable.Message;
        }
        _connection = null;
        _acknowledgements.Forget();
        if (reason is not null)
            Lose(reason);
        // A process that ends does not wait for a replica that is not there: the next start goes on.
        return _isClosing;
    }

    /// <returns>Null when everything was said.</returns>
    private string? ReasonOfEnd(ReplicaConnection connection)
    {
        try
        {
            Volatile.Write(ref _begunAt, _time.GetTimestamp());
            _connection = connection;
            Interlocked.Increment(ref _connections);
            connection.Greet(_journalId, _feed);
            Volatile.Write(ref _begunAt, 0);
            Serve(connection);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException or JournalFormatException)
        {
            connection.Abort(failure.Message);
        }
        return connection.Failure;
    }

    private void Serve(ReplicaConnection connection)
    {
        TimeSpan interval = BusyInterval;
        while (connection.Failure is null)
        {
            bool isClosing = _isClosing;
            TaskCompletionSource? group = _acknowledgements.TakeGroup();
            long before = _feed.LastRecord;
            // What closes asks nothing more: each further ping would be one more answer to wait for, turn after turn, until the patience ends.
            connection.Send(_feed, group, isClosing, isIdle: !isClosing && interval == IdleInterval);
            if (isClosing && _feed.IsDone && _acknowledgements.IsNothingUnderWay())
                return;
            bool wasWoken = _acknowledgements.Wanted.WaitOne(isClosing ? BusyInterval : interval);
            interval = wasWoken || _feed.LastRecord != before ? BusyInterval : IdleInterval;
        }
    }

    private void Resume()
    {
        _outage = null;
        _wasTold = false;
        _options.Connector.Resumed();
    }

    /// <summary>Told once for each outage, and again when the reason is another.</summary>
    private void Lose(string reason)
    {
        string outage = $"The journal's replica {_options.Connector.Name} is not there: {reason}";
        bool isNew = _outage != outage || !_wasTold;
        _outage = outage;
        _wasTold = true;
        _acknowledgements.LetLook();
        if (isNew && !_isClosing)
            _options.Connector.Lost(reason);
    }

    /// <summary>A connection that acknowledges nothing is none; and whoever waits looks now and then whether it has been long enough.</summary>
    private void Watch()
    {
        TimeSpan age = _acknowledgements.OldestAge();
        long begunAt = Volatile.Read(ref _begunAt);
        if (begunAt != 0 && _time.GetElapsedTime(begunAt) >= GreetingPatience)
            _connection?.Abort("It does not say what it has.");
        if (age >= _options.Patience)
            _connection?.Abort($"It has not acknowledged anything for {_options.Patience.TotalSeconds:0.#} s.");
        if (_outage is not null)
            _acknowledgements.LetLook();
    }
}
