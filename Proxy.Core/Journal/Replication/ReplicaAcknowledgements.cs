namespace Proxy.Core.Journal.Replication;

/// <summary>
/// Who waits for what of the replica. One group of waiters gathers while frames are under way; the next turn of the sender takes it along, and its
/// acknowledgement serves them all (group commit). A group that is let go only looks again: each waiter knows its own record and its own patience.
/// </summary>
internal sealed class ReplicaAcknowledgements(TimeSpan patience, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<Sent> _sent = new();
    private TaskCompletionSource _group = NewGroup();
    private long _acknowledged;
    private long _lastSequence;
    private int _isWanted;
    private volatile bool _isClosed;

    /// <summary>Signalled when somebody waits.</summary>
    public AutoResetEvent Wanted { get; } = new(false);

    /// <summary>Number of the last record that the replica is known to have.</summary>
    public long Record => Volatile.Read(ref _acknowledged);

    /// <summary>False when the record was not acknowledged within the patience, or the journal is closed.</summary>
    public ValueTask<bool> WhenAcknowledgedAsync(long number, CancellationToken cancellation) =>
        number <= Record ? new ValueTask<bool>(true) : WaitAsync(number, cancellation);

    /// <summary>Those who have begun to wait since this was called last; null when nobody has. What they wait for has been published before.</summary>
    public TaskCompletionSource? TakeGroup() => Interlocked.Exchange(ref _isWanted, 0) == 1 ? Interlocked.Exchange(ref _group, NewGroup()) : null;

    /// <summary>The replica will acknowledge this frame, and everything up to this record with it.</summary>
    public void Expect(long sequence, long record, TaskCompletionSource? group)
    {
        lock (_gate)
        {
            _sent.Enqueue(new Sent(sequence, record, group, time.GetTimestamp()));
            // It may have been acknowledged before it was expected.
            if (sequence <= _lastSequence)
                Settle(_lastSequence);
        }
    }

    /// <summary>Everything up to this frame is kept.</summary>
    public void Acknowledge(long sequence)
    {
        lock (_gate)
        {
            _lastSequence = sequence;
            Settle(sequence);
        }
    }

    /// <summary>How long the oldest frame has been waited for.</summary>
    public TimeSpan OldestAge()
    {
        lock (_gate)
            return _sent.TryPeek(out Sent first) ? time.GetElapsedTime(first.At) : TimeSpan.Zero;
    }

    public bool IsNothingUnderWay()
    {
        lock (_gate)
            return _sent.Count == 0;
    }

    /// <summary>A new connection, on which the replica has said that it has this record.</summary>
    public void Begin(long record)
    {
        lock (_gate)
        {
            _lastSequence = 0;
            Volatile.Write(ref _acknowledged, Math.Max(_acknowledged, record));
        }
        LetLook();
    }

    /// <summary>The connection is gone, and its frames with it.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            foreach (Sent sent in _sent)
                sent.Group?.TrySetResult();
            _sent.Clear();
        }
    }

    /// <summary>Lets those who gather now look whether they have waited long enough.</summary>
    public void LetLook() => Interlocked.Exchange(ref _group, NewGroup()).TrySetResult();

    /// <summary>Nobody waits any more.</summary>
    public void Close()
    {
        _isClosed = true;
        Forget();
        LetLook();
    }

    private void Settle(long sequence)
    {
        while (_sent.TryPeek(out Sent first) && first.Sequence <= sequence)
        {
            _sent.Dequeue();
            Volatile.Write(ref _acknowledged, Math.Max(_acknowledged, first.Record));
            first.Group?.TrySetResult();
        }
    }

    private async ValueTask<bool> WaitAsync(long number, CancellationToken cancellation)
    {
        long since = time.GetTimestamp();
        while (true)
        {
            Task group = Volatile.Read(ref _group).Task;
            if (number <= Record)
                return true;
            if (_isClosed || time.GetElapsedTime(since) >= patience)
                return false;
            Volatile.Write(ref _isWanted, 1);
            Wanted.Set();
            await group.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewGroup() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly record struct Sent(long Sequence, long Record, TaskCompletionSource? Group, long At);
}
