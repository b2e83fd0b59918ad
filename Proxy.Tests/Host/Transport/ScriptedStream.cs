using System.Threading.Channels;

namespace Proxy.Tests.Host.Transport;

/// <summary>A stream that receives what the test says, one chunk per read at most; zero-byte reads wait for a chunk.</summary>
internal sealed class ScriptedStream : Stream
{
    private readonly Channel<object?> _script = Channel.CreateUnbounded<object?>();
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

    public void Receive(ReadOnlySpan<byte> bytes) => _script.Writer.TryWrite(bytes.ToArray());

    public void Fail(Exception exception) => _script.Writer.TryWrite(exception);

    public void Finish() => _script.Writer.TryWrite(null);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_chunk.IsEmpty)
        {
            await _script.Reader.WaitToReadAsync(cancellationToken);
            if (buffer.IsEmpty)
                return 0;
            _script.Reader.TryRead(out var next);
            switch (next)
            {
                case Exception fault: throw fault;
                case byte[] bytes: _chunk = bytes; break;
                default: return 0;
            }
        }
        var count = Math.Min(buffer.Length, _chunk.Length);
        _chunk[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        return count;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
