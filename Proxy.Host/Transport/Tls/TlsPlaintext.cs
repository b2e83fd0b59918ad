using System.Buffers;
using System.Runtime.InteropServices;

namespace Proxy.Host.Transport.Tls;

/// <summary>
/// SslStream decrypts within the array that it received into, and gives that back to the pool as it is: with a token in it, for as long as nobody else needs
/// it. The stream below sees which array that is, and whoever read from SslStream rents it in the same moment, on the same thread, whose own slot of the pool it lies in, and
/// clears it. Only an array that was rented is written to; one that SslStream still holds is cleared behind a later read. One reader at a time.
/// </summary>
internal sealed class TlsPlaintext
{
    private byte[]? _array;
    private int _dirty;

    /// <summary>Bytes of the peer's have come into memory of SslStream's.</summary>
    public void Received(Memory<byte> into, int bytes)
    {
        if (!MemoryMarshal.TryGetArray<byte>(into, out var place) || place.Array is not { } array)
            return;
        if (array != _array)
        {
            Clear(); // It has just taken another one, and given the old one back.
            (_array, _dirty) = (array, 0);
        }
        _dirty = Math.Max(_dirty, place.Offset + bytes);
    }

    /// <summary>Clears the array if it has been given back.</summary>
    public void Clear()
    {
        if (_array is not { } array)
            return;
        var rented = ArrayPool<byte>.Shared.Rent(array.Length);
        if (ReferenceEquals(rented, array))
        {
            rented.AsSpan(0, _dirty).Clear();
            _array = null;
        }
        ArrayPool<byte>.Shared.Return(rented);
    }
}
