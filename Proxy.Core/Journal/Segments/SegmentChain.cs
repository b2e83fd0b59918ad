namespace Proxy.Core.Journal.Segments;

/// <summary>
/// The current segment and how it is replaced. Rolling over is lock-free: any thread that finds the current segment full closes it and moves the
/// chain on, and a thread that was interrupted in the middle of that holds up nobody, because every step is the same whoever takes it.
/// </summary>
internal sealed class SegmentChain(MappedSegment first)
{
    private MappedSegment? _current = first;

    /// <summary>Null once stopped.</summary>
    public MappedSegment? Current => Volatile.Read(ref _current);

    /// <summary>Signalled once per roll-over, to wake the keeper.</summary>
    public SemaphoreSlim Rolled { get; } = new(0);

    /// <summary>Moves on from a full segment; false when none stands by.</summary>
    public bool TryMoveOn(MappedSegment full)
    {
        if (full.Next is not { } next)
            return false;
        next.Begin(full.Close());
        if (Interlocked.CompareExchange(ref _current, next, full) == full)
            Rolled.Release();
        return true;
    }

    /// <summary>Ends appending. Returns the last segment that was current, closed, or null if this was called before.</summary>
    public MappedSegment? Stop()
    {
        MappedSegment? last = Interlocked.Exchange(ref _current, null);
        last?.Close();
        return last;
    }
}
