using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Proxy.Core.Masking;

namespace Proxy.Protocols.Buffers;

/// <summary>Copies the short runs of bytes that rows are made of.</summary>
internal static class ChunkCopy
{
    /// <summary>
    /// Few bytes by one load and one store, where what lies behind them in the target is free, and not so few by two that overlap: faster than finding out how many
    /// there are. All is loaded before anything is stored, because both may lie over each other.
    /// </summary>
    /// <param name="source">What is copied, and whatever lies behind it.</param>
    /// <param name="length">How much of it.</param>
    /// <param name="target">Where it is copied to.</param>
    /// <param name="free">How much of the target may be written over.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ReadOnlySpan<byte> source, int length, Span<byte> target, int free)
    {
        const int chunk = MaskedRowShape.ChunkBytes;
        if (length is >= chunk and <= 2 * chunk)
        {
            var first = Vector256.Create(source);
            var last = Vector256.Create(source[(length - chunk)..]);
            first.CopyTo(target);
            last.CopyTo(target[(length - chunk)..]);
        }
        else if (length < chunk && free >= chunk && source.Length >= chunk && target.Length >= chunk)
        {
            Vector256.Create(source).CopyTo(target);
        }
        else
        {
            source[..length].CopyTo(target);
        }
    }
}
