using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Host.Transport;

/// <summary>
/// A PipeReader over one contiguous pooled buffer: one receive, one result, one segment, whose memory the consumer may rewrite until AdvanceTo.
/// Nothing is allocated per read, and no buffer is held while the peer is silent and everything received is consumed.
/// <para>
/// A read has two steps. The probe is a read of zero bytes, which waits for data without a buffer here or in SslStream (together 48 KiB a leg
/// otherwise). The receive then finds data, mostly without waiting; where it can be asked without waiting and finds nothing, the reader probes again.
/// CancelPendingRead leaves the step in flight where it is, so that no byte can be lost, and the next read goes on with it.
/// </para>
/// <para>
/// A receive that looks like part of a long result is followed by others while the socket has more: a server's TLS records of 8 KiB then go on by
/// the buffer, four at a time, instead of one by one.
/// </para>
/// One consumer; CancelPendingRead may come from any thread.
/// </summary>
public sealed class ConnectionReader : PipeReader, IValueTaskSource<ReadResult>
{
    /// <summary>Fewer received bytes are an answer to a short question, which must not wait for anything.</summary>
    private const int BulkBytesMin = 4 * 1024;

    /// <summary>How many receives become one result at most.</summary>
    private const int ResultReceives = 4;

    private readonly Lock _gate = new();
    private readonly ReceiveSegment _segment = new();
    private readonly int _frameBytesMax;
    private readonly Action<ConnectionEnd> _onEnd;
    private readonly Action _onProbed;
    private readonly Action _onReceived;
    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private CancellationTokenRegistration _registration;
    private CancellationToken _readToken;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _step;
    private Stream _stream;
    private INonBlockingReads? _nonBlocking; // The same stream, if it can be asked without waiting.
    private int _receiveBytes;
    private TlsPlaintext? _plaintext;
    private bool _isPinned;

    private byte[]? _buffer;
    private int _start;      // Received and not consumed: [_start, _end).
    private int _examined;
    private int _end;
    private int _roomEnd;    // How far this result may go.
    private int _dirty;      // The buffer has held received bytes up to here.
    private int _resultStart;
    private int _resultEnd;

    private bool _waiting;   // A consumer waits in ReadAsync.
    private bool _stepping;  // A probe or a receive is under way.
    private bool _receiving; // It is a receive: the buffer must stay where it is.
    private bool _resultOut; // The consumer has a result and owes AdvanceTo.
    private bool _cancelRequested;
    private bool _ended;
    private bool _completed;
    private Exception? _failure;

    /// <param name="stream">Gives the bytes; zero-byte reads must wait for data.</param>
    /// <param name="receiveBytes">Room offered to one receive: SslStream never gives more than 16,384 bytes.</param>
    /// <param name="frameBytesMax">How many unconsumed bytes may pile up before ReadAsync fails.</param>
    /// <param name="onEnd">Is told how the stream ended.</param>
    public ConnectionReader(Stream stream, int receiveBytes, int frameBytesMax, Action<ConnectionEnd> onEnd)
    {
        _stream = stream;
        _nonBlocking = stream as INonBlockingReads;
        _receiveBytes = receiveBytes;
        _frameBytesMax = frameBytesMax;
        _onEnd = onEnd;
        _onProbed = OnProbed;
        _onReceived = OnReceived;
    }

    /// <summary>Receives so far; whoever watches for idleness compares two readings.</summary>
    internal long Receives { get; private set; }

    /// <summary>Bytes of pooled memory held at the moment.</summary>
    public int BufferedCapacity => _buffer?.Length ?? 0;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        bool mustStart;
        short version;
        lock (_gate)
        {
            if (TryTakeResult(out var result))
                return new ValueTask<ReadResult>(result);
            _read.Reset();
            version = _read.Version;
            _waiting = true;
            mustStart = !_stepping;
            _stepping = true;
            _readToken = cancellationToken;
            if (cancellationToken.CanBeCanceled)
                _registration = cancellationToken.UnsafeRegister(static (reader, token) => ((ConnectionReader)reader!).CancelWait(token), this);
        }
        if (mustStart)
            Probe();
        return new ValueTask<ReadResult>(this, version);
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_gate)
            return TryTakeResult(out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            if (!_resultOut)
                throw new InvalidOperationException("No read is being processed");
            var consumedCount = CountTo(consumed);
            var examinedCount = CountTo(examined);
            if (examinedCount < consumedCount)
                throw new ArgumentOutOfRangeException(nameof(examined), "Examined lies before consumed");
            _resultOut = false;
            _examined = _start + examinedCount;
            _start += consumedCount;
            if (_start == _end && !_receiving)
                _start = _examined = _end = 0;
        }
    }

    /// <summary>Ends the pending read, or else the next one, with IsCanceled. The waiting consumer resumes on the pool, not on the caller.</summary>
    public override void CancelPendingRead()
    {
        ReadResult result;
        lock (_gate)
        {
            if (!_waiting)
            {
                _cancelRequested = true;
                return;
            }
            StopWaiting();
            result = MakeResult(isCanceled: true);
            _read.RunContinuationsAsynchronously = true;
        }
        _read.SetResult(result);
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            _completed = true;
            _resultOut = false;
            if (!_receiving)
                Forget();
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    /// <summary>Takes the bytes that nobody consumed, so that the stream can be changed. Only while nothing is read.</summary>
    internal byte[] TakeUnconsumed()
    {
        lock (_gate)
        {
            if (_stepping || _resultOut)
                throw new InvalidOperationException("The stream cannot be changed while it is read");
            var unconsumed = _buffer is null ? [] : _buffer.AsSpan(_start, _end - _start).ToArray();
            _start = _examined = _end = 0;
            ReturnBuffer();
            return unconsumed;
        }
    }

    internal void ReadFrom(Stream stream, int receiveBytes)
    {
        lock (_gate)
        {
            _stream = stream;
            _nonBlocking = stream as INonBlockingReads;
            _receiveBytes = receiveBytes;
        }
    }

    /// <summary>From now on secrets come: they are received into memory that never moves, and what TLS keeps of them is cleared. Only while nothing is read.</summary>
    /// <param name="plaintext">TLS's; null where it keeps none.</param>
    internal void GuardSecrets(TlsPlaintext? plaintext)
    {
        lock (_gate)
        {
            ReturnBuffer();
            _isPinned = true;
            _plaintext = plaintext;
        }
    }

    private static ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter Awaiter(ValueTask<int> step) => step.ConfigureAwait(false).GetAwaiter();

    private int CountTo(SequencePosition position)
    {
        var index = position.GetInteger();
        if (position.GetObject() != _segment || index < _resultStart || index > _resultEnd)
            throw new ArgumentOutOfRangeException(nameof(position), "The position is not of the last result");
        return index - _resultStart;
    }

    private bool TryTakeResult(out ReadResult result)
    {
        if (_completed)
            throw new InvalidOperationException("The reader is completed");
        if (_waiting || _resultOut)
            throw new InvalidOperationException("The previous read is not finished");
        var canceled = _cancelRequested;
        _cancelRequested = false;
        if (canceled || _examined < _end || _ended)
        {
            result = MakeResult(canceled);
            return true;
        }
        if (_failure is not null)
            throw _failure;
        result = default;
        return false;
    }

    private ReadResult MakeResult(bool isCanceled)
    {
        if (_buffer is null)
            _start = _examined = _end = 0;
        _resultOut = true;
        _resultStart = _start;
        _resultEnd = _end;
        return new ReadResult(_segment.Slice(_buffer, _start, _end), isCanceled, _ended);
    }

    private void StopWaiting()
    {
        _waiting = false;
        _registration.Unregister();
        _registration = default;
        _readToken = default;
        _read.RunContinuationsAsynchronously = false;
    }

    private void CancelWait(CancellationToken token)
    {
        lock (_gate)
        {
            if (!_waiting || _readToken != token)
                return;
            StopWaiting();
            _read.RunContinuationsAsynchronously = true;
        }
        _read.SetException(new OperationCanceledException(token));
    }

    private void Probe()
    {
        while (true)
        {
            try
            {
                _step = Awaiter(_stream.ReadAsync(Memory<byte>.Empty));
            }
            catch (Exception e)
            {
                Finish(0, e);
                return;
            }
            if (!_step.IsCompleted)
            {
                lock (_gate)
                {
                    if (_start == _end)
                        ReturnBuffer();
                }
                _step.UnsafeOnCompleted(_onProbed);
                return;
            }
            if (TryReceive())
                return;
        }
    }

    private void OnProbed()
    {
        if (!TryReceive())
            Probe();
    }

    /// <summary>False when nothing has come after all.</summary>
    private bool TryReceive()
    {
        try
        {
            _step.GetResult();
            Memory<byte> room;
            lock (_gate)
            {
                if (!_waiting)
                {
                    // Cancelled meanwhile: the consumer may hold a result over the buffer, so it must not move. The next read probes again.
                    _stepping = false;
                    return true;
                }
                room = MakeRoom();
                _receiving = true;
            }
            if (_nonBlocking is not null)
                return TryReceive(_nonBlocking, room);
            _step = Awaiter(_stream.ReadAsync(room));
        }
        catch (Exception e)
        {
            Finish(0, e);
            return true;
        }
        if (_step.IsCompleted)
            OnReceived();
        else
            _step.UnsafeOnCompleted(_onReceived);
        return true;
    }

    private bool TryReceive(INonBlockingReads stream, Memory<byte> room)
    {
        if (!stream.TryRead(room.Span, out var received))
            return !TryGoOnWaiting();
        while (received >= BulkBytesMin && TryKeep(received, out room))
        {
            if (stream.TryRead(room.Span, out received))
                continue;
            if (!HasNews())
                return !TryGoOnWaiting();
            Conclude(ConnectionEnd.None, 0, null);
            return true;
        }
        Finish(received, null);
        return true;
    }

    /// <summary>False when nobody waits any longer; the next read probes again.</summary>
    private bool TryGoOnWaiting()
    {
        lock (_gate)
        {
            _receiving = false;
            Rewind();
            return _stepping = _waiting;
        }
    }

    /// <summary>False when a cancelled read has taken what was kept, and the next one waits already.</summary>
    private bool HasNews()
    {
        lock (_gate)
            return _examined < _end || !_waiting;
    }

    private void OnReceived()
    {
        try
        {
            var received = _step.GetResult();
            _plaintext?.Clear();
            Finish(received, null);
        }
        catch (Exception e)
        {
            Finish(0, e);
        }
    }

    /// <summary>Keeps what was received; false when there is no room for more, or nobody who waits for it.</summary>
    private bool TryKeep(int received, out Memory<byte> room)
    {
        lock (_gate)
        {
            room = default;
            // Less room is not worth another receive: what does not fit would be a small result of its own.
            if (!_waiting || _completed || _roomEnd - _end - received < _receiveBytes / 2)
                return false;
            Keep(received);
            room = _buffer.AsMemory(_end, _roomEnd - _end);
            return true;
        }
    }

    private void Keep(int received)
    {
        _end += received;
        _dirty = Math.Max(_dirty, _end);
        Receives++;
    }

    private void Finish(int received, Exception? exception)
    {
        var end = exception is not null ? ConnectionEnding.Of(exception)
            : received == 0 ? ConnectionEnd.PeerClosed
            : ConnectionEnd.None;
        if (end is not ConnectionEnd.None)
            _onEnd(end);
        Conclude(end, received, end is ConnectionEnd.None ? exception : null);
    }

    private void Conclude(ConnectionEnd end, int received, Exception? failure)
    {
        ReadResult result = default;
        lock (_gate)
        {
            _stepping = _receiving = false;
            Keep(received);
            _ended |= end is not ConnectionEnd.None;
            _failure ??= failure;
            Rewind();
            if (!_waiting)
                return;
            StopWaiting();
            if (failure is null)
                result = MakeResult(isCanceled: false);
        }
        if (failure is null)
            _read.SetResult(result);
        else
            _read.SetException(failure);
    }

    /// <summary>
    /// At least one receive's room behind what is not consumed: first by moving that to the front, then by a bigger buffer, never beyond the limit.
    /// </summary>
    private Memory<byte> MakeRoom()
    {
        var unconsumed = _end - _start;
        if (unconsumed >= _frameBytesMax)
            throw new ReadLimitExceededException(_frameBytesMax);
        _buffer ??= Rent(2 * _receiveBytes);
        if (_buffer.Length - _end < _receiveBytes)
        {
            var target = _buffer;
            if (_buffer.Length - unconsumed < _receiveBytes)
                target = Rent(Math.Max(2 * _buffer.Length, unconsumed + _receiveBytes));
            _buffer.AsSpan(_start, unconsumed).CopyTo(target);
            if (target != _buffer)
            {
                ReturnBuffer();
                _buffer = target;
            }
            _examined -= _start;
            _start = 0;
            _end = unconsumed;
            _dirty = Math.Max(_dirty, _end);
        }
        // Of a buffer that one long message has made big, no more: one result becomes one batch of what is sent.
        _roomEnd = Math.Min(_buffer.Length, _end + (ResultReceives * _receiveBytes));
        return _buffer.AsMemory(_end, _roomEnd - _end);
    }

    /// <summary>A receive is over: what AdvanceTo and Complete had to leave because of it is made up for.</summary>
    private void Rewind()
    {
        if (_completed)
            Forget();
        else if (_start == _end && !_resultOut)
            _start = _examined = _end = 0;
    }

    /// <summary>Completed, perhaps while a read still waits, which must end all the same: with nothing, since its buffer is gone.</summary>
    private void Forget()
    {
        ReturnBuffer();
        _start = _examined = _end = 0;
        _ended = true;
    }

    private byte[] Rent(int bytes) => _isPinned ? PinnedBuffers.Rent(bytes) : ArrayPool<byte>.Shared.Rent(bytes);

    /// <summary>What was received is PHI or a secret: the pool is for everybody, so it goes back clean.</summary>
    private void ReturnBuffer()
    {
        if (_buffer is null)
            return;
        _buffer.AsSpan(0, _dirty).Clear();
        if (_isPinned)
            PinnedBuffers.Return(_buffer);
        else
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _dirty = 0;
    }
}
