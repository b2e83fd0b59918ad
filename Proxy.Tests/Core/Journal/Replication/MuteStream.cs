namespace Proxy.Tests.Core.Journal.Replication;

/// <summary>Hears everything; of what it says only the first word, the welcome, arrives.</summary>
internal sealed class MuteStream(Stream inner) : Stream
{
    private bool _hasSpoken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (!_hasSpoken) inner.Write(buffer, offset, count);
        _hasSpoken = true;
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
