using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// The thread behind the pen: reads records in their order as they are published, chains them, flushes for whoever waits, and from time to time
/// says where the chain is. A thread of its own, because flushing blocks.
/// </summary>
internal sealed class JournalNotary : IDisposable
{
    private static readonly TimeSpan BusyInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StragglerPatience = TimeSpan.FromSeconds(5);

    private readonly EntryChain _chain;
    private readonly TimeProvider _time;
    private readonly TimeSpan _headInterval;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MappedSegment _segment;
    private bool _hasBegun;
    private bool _isSegmentTaken;
    private int _offset = SegmentHeader.Bytes;
    private long _lastRecord;
    private long _flushed;
    private long _headSize;
    private long _headAt;
    private TaskCompletionSource<bool> _group = NewGroup();
    private int _isWanted;
    private volatile bool _isStopping;
    private volatile string? _failure;

    public JournalNotary(EntryChain chain, long lastRecord, MappedSegment first, TimeSpan headInterval, TimeProvider time)
    {
        _chain = chain;
        _lastRecord = lastRecord;
        _segment = first;
        _time = time;
        _headInterval = headInterval;
        _headSize = chain.Tree.Size;
        _headAt = time.GetTimestamp();
    }

    /// <summary>Where the chain was when a head was last due; everything in it is on the disk.</summary>
    public TreeState? State { get; private set; }

    /// <summary>Signalled when <see cref="State"/> has moved.</summary>
    public SemaphoreSlim Moved { get; } = new(0);

    /// <summary>Why it gave up; null while it works. A flush that failed once is never tried again: the kernel may have dropped what it could not write.</summary>
    public string? Failure => _failure;

    public void Start() => new Thread(Run, 256 * 1024) { IsBackground = true, Name = "journal notary" }.Start();

    /// <summary>Comes back when the record with this number and all before it are on the disk; false when that will never be.</summary>
    public ValueTask<bool> WhenFlushedAsync(long number, CancellationToken cancellation) =>
        number <= Volatile.Read(ref _flushed) ? new ValueTask<bool>(true) : WaitAsync(number, cancellation);

    /// <summary>After the chain of segments was stopped: takes and flushes what is left, and ends.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        _wake.Set();
        return _ended.Task;
    }

    public void Dispose()
    {
        _wake.Dispose();
        Moved.Dispose();
    }

    private async ValueTask<bool> WaitAsync(long number, CancellationToken cancellation)
    {
        while (true)
        {
            Task<bool> group = Volatile.Read(ref _group).Task;
            if (number <= Volatile.Read(ref _flushed))
                return true;
            if (_failure is not null)
                return false;
            Volatile.Write(ref _isWanted, 1);
            _wake.Set();
            if (!await group.WaitAsync(cancellation))
                return false;
        }
    }

    private void Run()
    {
        try
        {
            TimeSpan interval = BusyInterval;
            while (!_isStopping)
            {
                _wake.WaitOne(interval);
                long before = _chain.Tree.Size;
                Round();
                interval = _chain.Tree.Size == before ? IdleInterval : BusyInterval;
            }
            TakeTheLast();
        }
        catch (Exception failure)
        {
            _failure = $"The journal's chain has stopped: {failure.Message}";
        }
        finally
        {
            if (_isStopping)
                _failure ??= "The journal is closed.";
            Volatile.Read(ref _group).TrySetResult(false);
            Moved.Release();
            _ended.TrySetResult();
        }
    }

    private void Round()
    {
        TaskCompletionSource<bool>? group = Interlocked.Exchange(ref _isWanted, 0) == 1 ? Interlocked.Exchange(ref _group, NewGroup()) : null;
        try
        {
            TakePublished();
            bool isHeadDue = _chain.Tree.Size != _headSize && _time.GetElapsedTime(_headAt) >= _headInterval;
            if (group is not null || isHeadDue)
                Flush();
            group?.TrySetResult(true);
            if (isHeadDue)
                PublishState();
        }
        catch
        {
            group?.TrySetResult(false);
            throw;
        }
    }

    private void TakePublished()
    {
        while (TakeSegment() && _segment.Next is { NextNumber: > 0 } next)
        {
            _segment = next;
            _offset = SegmentHeader.Bytes;
            _hasBegun = _isSegmentTaken = false;
        }
    }

    /// <summary>True when the segment has ended and all of it is in the chain.</summary>
    private bool TakeSegment()
    {
        if (_isSegmentTaken)
            return true;
        while (_segment.TryRead(_offset, out ReadOnlySpan<byte> entry))
        {
            BeginSegment();
            _chain.Add(entry);
            _lastRecord = EntryChain.NumberOf(entry);
            _offset += entry.Length;
        }
        if (!_segment.HasEndedAt(_offset))
            return false;
        BeginSegment();
        _chain.AddTrailer(_segment.Rest(_offset));
        _offset = _segment.Bytes;
        // Before anybody may unmap it.
        _segment.Flush();
        _isSegmentTaken = true;
        _segment.IsTaken = true;
        return true;
    }

    /// <summary>The header joins the chain with the first record: a segment without one may yet be deleted.</summary>
    private void BeginSegment()
    {
        if (_hasBegun)
            return;
        _chain.AddHeader(_segment.Header);
        _hasBegun = true;
    }

    private void Flush()
    {
        if (!_isSegmentTaken)
            _segment.Flush();
        Volatile.Write(ref _flushed, _lastRecord);
    }

    private void PublishState()
    {
        State = TreeState.Of(_chain, _lastRecord, _hasBegun ? _segment.Number : _segment.Number - 1, _hasBegun ? _offset : _segment.Bytes);
        _headSize = State.Size;
        _headAt = _time.GetTimestamp();
        Moved.Release();
    }

    private void TakeTheLast()
    {
        long since = _time.GetTimestamp();
        TakePublished();
        while (!_isSegmentTaken && _time.GetElapsedTime(since) < StragglerPatience)
        {
            _wake.WaitOne(1);
            TakePublished();
        }
        Flush();
        if (_chain.Tree.Size != _headSize)
            PublishState();
    }

    private static TaskCompletionSource<bool> NewGroup() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
