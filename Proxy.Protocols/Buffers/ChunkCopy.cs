using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Proxy.Core.Masking;

namespace Proxy.Protocols.Buffers;

/// <summary>Copies the short runs of bytes that rows are made of.</summary>
internal static class ChunkCopy
{
    /// <summary>
    /// Few bytes by one load and one store, whatever lies behind them, and not so few by four that overlap: faster than finding out how many there are, because rows of
    /// one table differ in that, and the processor would guess wrong. All is loaded before anything is stored, because both may lie over each other. Checks nothing: the
    /// caller has made sure that a chunk can be read and written at both places, or <paramref name="length"/> bytes where that is more, and that what is
    /// stored behind <paramref name="length"/> is not needed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ref byte source, int length, ref byte target)
    {
        const int chunk = MaskedRowShape.ChunkBytes;
        if (length <= chunk)
        {
            Vector256.LoadUnsafe(ref source).StoreUnsafe(ref target);
        }
        else if (length <= 4 * chunk)
        {
            var last = (nuint)(length - chunk);
            var second = Math.Min(chunk, last);
            var first = Vector256.LoadUnsafe(ref source);
            var afterFirst = Vector256.LoadUnsafe(ref source, second);
            var beforeLast = Vector256.LoadUnsafe(ref source, last - second);
            var end = Vector256.LoadUnsafe(ref source, last);
            first.StoreUnsafe(ref target);
            afterFirst.StoreUnsafe(ref target, second);
            beforeLast.StoreUnsafe(ref target, last - second);
            end.StoreUnsafe(ref target, last);
        }
        else
        {
            CopyLong(ref source, length, ref target);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyLong(ref byte source, int length, ref byte target) =>
        MemoryMarshal.CreateReadOnlySpan(ref source, length).CopyTo(MemoryMarshal.CreateSpan(ref target, length));
}
