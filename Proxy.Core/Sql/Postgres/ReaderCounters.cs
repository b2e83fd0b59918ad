namespace Proxy.Core.Sql.Postgres;

/// <summary>What became of the copies of the grammar, for metrics. Any thread may read and write.</summary>
internal sealed class ReaderCounters
{
    private long _deadlines;
    private long _traps;
    private long _outOfMemory;
    private long _faults;
    private long _recycled;
    private long _rejectedByQueue;
    private long _templated;

    public void Trapped(string reason)
    {
        switch (reason)
        {
            case "deadline":
                Interlocked.Increment(ref _deadlines);
                break;
            case "memory":
                Interlocked.Increment(ref _outOfMemory);
                break;
            default:
                Interlocked.Increment(ref _traps);
                break;
        }
    }

    public void Faulted() => Interlocked.Increment(ref _faults);

    public void Recycled() => Interlocked.Increment(ref _recycled);

    public void Templated() => Interlocked.Increment(ref _templated);

    public void NoReaderFree() => Interlocked.Increment(ref _rejectedByQueue);

    public PostgresFrontEndStatistics Read(long hits, long misses, long cachedBytes) => new(
        hits, misses, cachedBytes, Interlocked.Read(ref _deadlines), Interlocked.Read(ref _traps), Interlocked.Read(ref _outOfMemory),
        Interlocked.Read(ref _faults), Interlocked.Read(ref _recycled), Interlocked.Read(ref _rejectedByQueue), Interlocked.Read(ref _templated));
}
