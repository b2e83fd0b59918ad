namespace Proxy.Tests.Host.Transport;

/// <summary>A network that cuts, joins and changes what is written to it.</summary>
internal sealed class InterruptedStream(Stream network) : Stream
{
    private readonly MemoryStream _held = new();
    private int _writes;

    /// <summary>The write with this number, counted from 1, is held until the next one, and goes out with it.</summary>
    public int HeldWrite { get; init; }

    /// <summary>While set, what is written is held, and goes out in one piece with the first write behind.</summary>
    public bool Holds { get; set; }

    /// <summary>Changes the last byte of the next write.</summary>
    public bool Flips { get; set; }

    public int BytesPerWrite { get; set; } = int.MaxValue;

    /// <summary>What is behind so many bytes of a write is lost.</summary>
    public int StopsAfter { get; set; } = int.MaxValue;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = buffer.ToArray();
        if (Flips)
            bytes[^1] ^= 1;
        Flips = false;
        _held.Write(bytes);
        if (++_writes == HeldWrite || Holds)
            return;
        bytes = _held.ToArray();
        _held.SetLength(0);
        for (var at = 0; at < Math.Min(bytes.Length, StopsAfter); at += BytesPerWrite == int.MaxValue ? bytes.Length : BytesPerWrite)
            await network.WriteAsync(bytes.AsMemory(at, Math.Min(BytesPerWrite, Math.Min(bytes.Length, StopsAfter) - at)), cancellationToken);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => network.ReadAsync(buffer, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => network.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => network.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => network.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            network.Dispose();
            _held.Dispose();
        }
        base.Dispose(disposing);
    }
}
