using System.Buffers;
using System.Security.Cryptography;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Protocols.Buffers;

/// <summary>
/// Where a row is written that does not fit where it came from. One per session, pooled, grown as needed, zeroed before it goes back to the pool
/// because it held PHI's neighbours.
/// </summary>
public sealed class RowScratch : IDisposable
{
    private const int BytesMin = 4096;
    private const int IdleBytesMax = 64 << 10;

    private readonly byte[] _value = GC.AllocateUninitializedArray<byte>(ValueMasker.ScalarBytesMax);
    private byte[] _buffer = [];

    /// <summary>Room for one masked value that is not an array.</summary>
    internal Span<byte> Value => _value;

    internal Span<byte> Buffer => _buffer;

    /// <summary>The row that was answered as <see cref="RowOutcome.InScratch"/>; valid until the next row.</summary>
    public ReadOnlyMemory<byte> Row(int length) => _buffer.AsMemory(0, length);

    /// <summary>Grows to at least <paramref name="size"/> bytes, keeping the first <paramref name="kept"/>.</summary>
    internal void Grow(int size, int kept)
    {
        if (size <= _buffer.Length)
            return;
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(size, BytesMin));
        _buffer.AsSpan(0, kept).CopyTo(grown);
        Dispose();
        _buffer = grown;
    }

    /// <summary>For the end of a result: gives back what one long row needed.</summary>
    public void Trim()
    {
        if (_buffer.Length > IdleBytesMax)
            Dispose();
    }

    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        CryptographicOperations.ZeroMemory(_buffer);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    public override string ToString() => $"scratch of {_buffer.Length} bytes";
}
