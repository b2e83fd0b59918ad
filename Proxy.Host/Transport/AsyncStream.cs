namespace Proxy.Host.Transport;

/// <summary>
/// What is the same of every stream between a socket and its relay: bytes go both ways, in their order, and nobody waits for them with a thread. Whoever derives
/// from it reads and writes asynchronously; a write is over when the bytes are gone, so there is nothing to flush.
/// </summary>
public abstract class AsyncStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanWrite => true;

    public sealed override bool CanSeek => false;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override void Flush()
    {
    }

    public sealed override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("There is no synchronous I/O here");

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("There is no synchronous I/O here");

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();
}
