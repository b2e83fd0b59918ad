using System.Threading.Channels;

namespace Proxy.Tests.Host.Transport;

/// <summary>A stream that receives what the test says, one chunk per read at most; zero-byte reads wait for a chunk.</summary>
internal class ScriptedStream : Stream
{
    private readonly Channel<object?> _script = Channel.CreateUnbounded<object?>();
    private readonly Wakening _wakening = new();
    private ReadOnlyMemory<byte> _chunk;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>How often somebody was woken for nothing, and looked.</summary>
    public int Wakenings { get; private set; }

    public void Receive(ReadOnlySpan<byte> bytes) => _script.Writer.TryWrite(bytes.ToArray());

    public void Fail(Exception exception) => _script.Writer.TryWrite(exception);

    public void Finish() => _script.Writer.TryWrite(null);

    /// <summary>Ends a zero-byte read, though there is nothing.</summary>
    public void WakeForNothing() => _script.Writer.TryWrite(_wakening);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_chunk.IsEmpty)
                await _script.Reader.WaitToReadAsync(cancellationToken);
            if (buffer.IsEmpty)
                return 0;
            if (TryTake(buffer.Span, out var count))
                return count;
        }
    }

    /// <summary>False when there is nothing now.</summary>
    protected bool TryTake(Span<byte> buffer, out int count)
    {
        count = 0;
        if (_chunk.IsEmpty)
        {
            if (!_script.Reader.TryRead(out var next))
                return false;
            if (next is Wakening)
            {
                Wakenings++;
                return false;
            }
            if (next is Exception fault)
                throw fault;
            if (next is not byte[] bytes)
                return true;
            _chunk = bytes;
        }
        count = Math.Min(buffer.Length, _chunk.Length);
        _chunk.Span[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        return true;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private sealed class Wakening;
}
