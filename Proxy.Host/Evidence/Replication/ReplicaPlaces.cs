namespace Proxy.Host.Evidence.Replication;

/// <summary>Sees to it that one connection at a time writes one journal's copy. Whoever comes later ends the one before, and waits until it is out.</summary>
internal sealed class ReplicaPlaces
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Place> _taken = [];
    private bool _isClosed;

    /// <exception cref="IOException">There are no places any more.</exception>
    public IDisposable Take(Guid journal, Stream connection)
    {
        var place = new Place(this, journal, connection);
        while (true)
        {
            Place? before;
            lock (_gate)
            {
                if (_isClosed) throw new IOException("the replica is ending");
                if (_taken.TryAdd(journal, place)) return place;
                before = _taken[journal];
            }
            before.Connection.Dispose();
            before.Left.WaitOne();
        }
    }

    /// <summary>Ends all connections, and comes back when they are out.</summary>
    public async Task CloseAsync()
    {
        Place[] all;
        lock (_gate)
        {
            _isClosed = true;
            all = [.. _taken.Values];
        }
        foreach (var place in all)
            await place.Connection.DisposeAsync();
        while (true)
        {
            lock (_gate)
                if (_taken.Count == 0)
                    return;
            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        }
    }

    private void Leave(Place place)
    {
        lock (_gate)
            _taken.Remove(place.Journal);
        place.Left.Set();
    }

    private sealed class Place(ReplicaPlaces places, Guid journal, Stream connection) : IDisposable
    {
        public Guid Journal => journal;

        public Stream Connection => connection;

        public ManualResetEvent Left { get; } = new(false);

        public void Dispose() => places.Leave(this);
    }
}
