namespace Proxy.Core.Journal.Segments;

/// <summary>Everything about segments that is slow: prepares the next one, finishes and unmaps the full ones. Runs on the thread pool.</summary>
internal sealed class SegmentKeeper(SegmentChain chain, SegmentFactory factory, MappedSegment first, JournalOptions options, TimeProvider time)
{
    private const int WarmBytesMin = 1024 * 1024;

    private static readonly TimeSpan WarmingInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StragglerInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan StragglerPatience = TimeSpan.FromSeconds(5);

    private MappedSegment _oldest = first;
    private MappedSegment _newest = first;
    private string? _failure;
    private DateTimeOffset _retryAt = DateTimeOffset.MinValue;
    private MappedSegment _warmed = first;
    private int _warmedFrom;
    private long _warmedAt = time.GetTimestamp();

    /// <summary>Why the last attempt to prepare a segment failed; null when it did not.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // First, because preparing a segment waits for the disk.
                bool isIdle = !KeepWarm();
                bool isFinished = await TendAsync(stop);
                await chain.Rolled.WaitAsync(!isFinished ? StragglerInterval : isIdle && Failure is null ? IdleInterval : WarmingInterval, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Finishes what is left after the chain was stopped and <see cref="RunAsync"/> has returned.</summary>
    /// <returns>False when a writer never came back; its segment stays mapped and open, and the next opening recovers it.</returns>
    public async Task<bool> CloseAsync(MappedSegment last)
    {
        DeleteUnused(last);
        for (TimeSpan waited = TimeSpan.Zero; !(FinishFullSegments(last) && last.IsComplete()); waited += StragglerInterval)
        {
            if (waited >= StragglerPatience)
                return false;
            await Task.Delay(StragglerInterval, TimeProvider.System, CancellationToken.None);
        }
        last.Finish(SegmentEnding.Clean);
        last.Dispose();
        return true;
    }

    /// <summary>
    /// First the next segment, because appends are refused without one; then the full ones, whatever became of it: only what is finished is shipped and purged,
    /// and that may be what the next one waits for.
    /// </summary>
    /// <returns>False when a full segment still waits for a writer.</returns>
    private async Task<bool> TendAsync(CancellationToken stop)
    {
        if (Failure is not null && time.GetUtcNow() < _retryAt)
            return true;
        string? failure = null;
        try
        {
            await PrepareNextAsync(stop);
        }
        catch (Exception reason) when (IsOfDisk(reason))
        {
            failure = FailureOf("prepared", reason);
        }
        bool isFinished = true;
        try
        {
            isFinished = FinishFullSegments(chain.Current);
        }
        catch (Exception reason) when (IsOfDisk(reason))
        {
            failure ??= FailureOf("finished", reason);
        }
        if (failure is not null)
            _retryAt = time.GetUtcNow() + options.RetryInterval;
        Volatile.Write(ref _failure, failure);
        return isFinished || failure is not null;
    }

    private static bool IsOfDisk(Exception reason) => reason is IOException or UnauthorizedAccessException;

    private string FailureOf(string task, Exception reason) => $"A journal segment in {options.Directory} cannot be {task}: {reason.Message}";

    private async Task PrepareNextAsync(CancellationToken stop)
    {
        while (chain.Current is { } current && _newest.Number - current.Number < options.SegmentsReady)
        {
            if (options.Permit?.RefusalOf(_newest.Number + 1) is { } refusal)
                throw new IOException(refusal);
            MappedSegment prepared = await factory.CreateAsync(_newest.Number + 1, stop);
            _newest.Next = prepared;
            _newest = prepared;
        }
    }

    /// <summary>
    /// The first store to each mapped page takes a page fault, and so does the next one after write-back, which makes pages read-only again. So the pages ahead of
    /// the pen are faulted in again and again: at least 1 MiB, and four times what 100 ms fill, but not the whole segment, of which all would be written
    /// back as zeros and be faulted in once more. Measured right after a sync, on ext4: 80 ns of CPU for a 205-byte record, 390 ns without this.
    /// </summary>
    /// <returns>False when nothing was written since the last time.</returns>
    private bool KeepWarm()
    {
        if (chain.Current is not { } current)
            return false;
        int from = current.NextOffset;
        int filled = current == _warmed ? from - _warmedFrom : from;
        TimeSpan since = time.GetElapsedTime(_warmedAt);
        _warmed = current;
        _warmedFrom = from;
        _warmedAt = time.GetTimestamp();
        double filledInInterval = filled * (WarmingInterval / (since > StragglerInterval ? since : StragglerInterval));
        int ahead = (int)Math.Max(WarmBytesMin, Math.Min(4 * filledInInterval, current.Bytes));
        int rest = current.FaultIn(from, ahead);
        current.Next?.FaultIn(0, rest);
        return filled > 0;
    }

    /// <summary>Finishes segments before this one; false when a record in one of them is still being written.</summary>
    private bool FinishFullSegments(MappedSegment? until)
    {
        if (until is null)
            return true;
        while (_oldest != until)
        {
            if (!_oldest.IsComplete() || !_oldest.IsTaken)
                return false;
            MappedSegment full = _oldest;
            full.Finish(SegmentEnding.Full);
            _oldest = full.Next!;
            full.Dispose();
        }
        until.NoteBeginning();
        return true;
    }

    private static void DeleteUnused(MappedSegment last)
    {
        for (MappedSegment? unused = last.Next; unused is not null; unused = unused.Next)
        {
            unused.Dispose();
            File.Delete(unused.Path);
        }
    }
}
