using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Proxy.Protocols;

namespace Proxy.Host.Transport;

/// <summary>
/// A PipeWriter that sends what it is given. GetMemory and Advance collect small messages of our own in a pooled buffer for one send; WriteAsync
/// sends foreign memory as it lies, unless it fits behind what is collected into one TLS record. Nothing is sent in the background: a flush ends
/// when the kernel has taken the bytes, so a peer that does not read holds up the one who writes to it, and that is the backpressure.
/// One owner, not safe for two threads.
/// </summary>
public sealed class ConnectionWriter : PipeWriter
{
    /// <summary>The plaintext of one TLS record; a send above it becomes several records and system calls.</summary>
    public const int RecordBytesMax = 16 * 1024;

    private const int InitialBytes = 4 * 1024;

    private readonly int _unsentBytesMax;
    private readonly Action<ConnectionEnd> _onEnd;
    private readonly Action _abort;
    private Stream _stream;
    private byte[]? _buffer;
    private int _length;
    private bool _ended;
    private bool _completed;

    /// <param name="stream">Takes the bytes.</param>
    /// <param name="unsentBytesMax">How much may be collected without a flush.</param>
    /// <param name="onEnd">Is told when a send finds that the stream has ended.</param>
    /// <param name="abort">Ends the connection: a send that is given up halfway leaves nothing to continue from.</param>
    public ConnectionWriter(Stream stream, int unsentBytesMax, Action<ConnectionEnd> onEnd, Action abort)
    {
        _stream = stream;
        _unsentBytesMax = unsentBytesMax;
        _onEnd = onEnd;
        _abort = abort;
    }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    /// <summary>Sends begun so far, and whether one is under way: together they show a send that does not end.</summary>
    internal long Sends { get; private set; }

    internal bool IsSending { get; private set; }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_buffer?.Length ?? 0) - _length);
        _length += bytes;
    }

    /// <summary>Sends what is collected. IsCompleted: the peer is gone, and what was not sent is dropped.</summary>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _length == 0 ? new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _ended)) : SendCollectedAsync(default, cancellationToken);

    /// <summary>Sends what is collected and then <paramref name="source"/>, which must stay as it is until the send has ended.</summary>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_length == 0)
            return source.IsEmpty ? FlushAsync(cancellationToken) : SendAsync(source, cancellationToken);
        if (_length + source.Length > RecordBytesMax)
            return SendCollectedAsync(source, cancellationToken);
        EnsureRoom(source.Length);
        source.Span.CopyTo(_buffer.AsSpan(_length));
        _length += source.Length;
        return SendCollectedAsync(default, cancellationToken);
    }

    public override void CancelPendingFlush() =>
        throw new NotSupportedException("A send cannot be taken back; abort the connection");

    /// <summary>Nothing can be written any more. What was not flushed is dropped.</summary>
    public override void Complete(Exception? exception = null)
    {
        _completed = true;
        if (IsSending)
            return;
        // Memory that was handed out and never advanced over may have been written to.
        _buffer?.AsSpan(_length).Clear();
        ReturnBuffer();
    }

    internal void WriteTo(Stream stream)
    {
        if (_length > 0 || IsSending)
            throw new InvalidOperationException("The stream cannot be changed while something is to be sent");
        _stream = stream;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> SendCollectedAsync(ReadOnlyMemory<byte> then, CancellationToken cancellationToken)
    {
        var result = await SendAsync(_buffer.AsMemory(0, _length), cancellationToken);
        ReturnBuffer();
        return then.IsEmpty || result.IsCompleted ? result : await SendAsync(then, cancellationToken);
    }

    /// <summary>Mostly the kernel takes it all at once, and there is nothing to wait for and nothing to give up.</summary>
    private ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_ended || _completed)
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: true));
        cancellationToken.ThrowIfCancellationRequested();
        Sends++;
        IsSending = true;
        ValueTask send;
        try
        {
            send = _stream.WriteAsync(bytes, CancellationToken.None);
        }
        catch (Exception e)
        {
            send = ValueTask.FromException(e);
        }
        if (!send.IsCompletedSuccessfully)
            return AwaitAsync(send, cancellationToken);
        EndSend();
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> AwaitAsync(ValueTask send, CancellationToken cancellationToken)
    {
        var giveUp = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static abort => ((Action)abort!)(), _abort)
            : default;
        try
        {
            await send;
            return default;
        }
        catch (Exception e) when (ConnectionEnding.Of(e) is not ConnectionEnd.None and var end)
        {
            _ended = true;
            _onEnd(end);
            cancellationToken.ThrowIfCancellationRequested();
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
        finally
        {
            giveUp.Unregister();
            EndSend();
        }
    }

    private void EndSend()
    {
        IsSending = false;
        if (_completed)
            ReturnBuffer();
    }

    private void EnsureRoom(int bytes)
    {
        if (_completed)
            throw new InvalidOperationException("The writer is completed");
        if (_buffer is not null && _buffer.Length - _length >= bytes)
            return;
        if (bytes > _unsentBytesMax - _length)
            throw new InvalidOperationException($"More than {_unsentBytesMax} bytes were written without a flush");
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + bytes, Math.Max(InitialBytes, 2 * _length)));
        var length = _length;
        _buffer.AsSpan(0, length).CopyTo(bigger);
        ReturnBuffer();
        _buffer = bigger;
        _length = length;
    }

    /// <summary>What was sent may be PHI or a secret: the pool is for everybody, so it goes back clean.</summary>
    private void ReturnBuffer()
    {
        if (_buffer is null)
            return;
        _buffer.AsSpan(0, _length).Clear();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _length = 0;
    }
}
