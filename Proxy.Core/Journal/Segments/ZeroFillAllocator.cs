using Microsoft.Win32.SafeHandles;

namespace Proxy.Core.Journal.Segments;

/// <summary>
/// Writes zeros and flushes them. File preallocation would be quicker, but a file system that does not support it lets it pass silently, and
/// blocks that were reserved but never written still need metadata at write-back. This runs in the background, one segment ahead.
/// </summary>
public sealed class ZeroFillAllocator : ISegmentAllocator
{
    private static readonly byte[] Zeros = new byte[1024 * 1024];

    public void Allocate(SafeFileHandle file, int bytes)
    {
        for (int offset = 0; offset < bytes; offset += Zeros.Length)
            RandomAccess.Write(file, Zeros.AsSpan(0, Math.Min(Zeros.Length, bytes - offset)), offset);
        RandomAccess.FlushToDisk(file);
    }
}
