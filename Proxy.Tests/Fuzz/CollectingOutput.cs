using System.IO.Pipelines;

namespace Proxy.Tests.Fuzz;

/// <summary>A transport that keeps what it is given and is never full.</summary>
public sealed class CollectingOutput : PipeWriter
{
    private byte[] _buffer = new byte[16 << 10];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Everything since the last call.</summary>
    public byte[] Take()
    {
        var taken = Written.ToArray();
        _length = 0;
        return taken;
    }

    public override void Advance(int bytes) => _length += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _length < Math.Max(sizeHint, 256))
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _length + sizeHint));
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(new FlushResult(false, false));

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }
}
