using System.Buffers;
using System.Collections.Concurrent;

namespace Proxy.Host.Transport;

/// <summary>
/// Buffers for what clients send, which can be tokens. Pinned, so that the garbage collector leaves no copy of what is in them where it has moved them from;
/// whoever returns one has cleared it. Two sizes are kept: 32 KiB, and 64 KiB for a token that does not fit; longer messages are no tokens and are lent by the pool that
/// everybody shares. Renting does not allocate once there are enough.
/// </summary>
internal static class PinnedBuffers
{
    private const int SmallBytes = 32 * 1024;
    private const int LargeBytes = 64 * 1024;

    /// <summary>So many of a size stay; more than this at once are garbage when they come back.</summary>
    private const int KeptMax = 1024;

    private static readonly Shelf Small = new(SmallBytes);
    private static readonly Shelf Large = new(LargeBytes);

    [ThreadStatic]
    private static byte[]? s_last;

    public static byte[] Rent(int bytes)
    {
        if (bytes > LargeBytes)
            return ArrayPool<byte>.Shared.Rent(bytes);
        if (bytes > SmallBytes)
            return Large.Take();
        if (s_last is not { } last)
            return Small.Take();
        s_last = null;
        return last;
    }

    /// <param name="buffer">Cleared.</param>
    public static void Return(byte[] buffer)
    {
        switch (buffer.Length)
        {
            case SmallBytes when s_last is null:
                s_last = buffer;
                break;
            case SmallBytes:
                Small.Put(buffer);
                break;
            case LargeBytes:
                Large.Put(buffer);
                break;
            default:
                ArrayPool<byte>.Shared.Return(buffer);
                break;
        }
    }

    private sealed class Shelf(int bytes)
    {
        private readonly ConcurrentQueue<byte[]> _buffers = new();
        private int _kept;

        public byte[] Take()
        {
            if (!_buffers.TryDequeue(out var buffer))
                return GC.AllocateArray<byte>(bytes, pinned: true);
            Interlocked.Decrement(ref _kept);
            return buffer;
        }

        public void Put(byte[] buffer)
        {
            if (Interlocked.Increment(ref _kept) <= KeptMax)
                _buffers.Enqueue(buffer);
            else
                Interlocked.Decrement(ref _kept);
        }
    }
}
