using Microsoft.Win32.SafeHandles;
using Proxy.Core.Journal.Segments;

namespace Proxy.Tests.Core.Journal;

/// <summary>A disk with room for so many segments.</summary>
internal sealed class RationedAllocator(int segments) : ISegmentAllocator
{
    private int _segments = segments;

    public void Allocate(SafeFileHandle file, int bytes)
    {
        if (Interlocked.Decrement(ref _segments) < 0)
        {
            Interlocked.Increment(ref _segments);
            throw new IOException("There is no space left (as the test says).");
        }
        RandomAccess.SetLength(file, bytes);
    }

    public void Grant(int more) => Interlocked.Add(ref _segments, more);
}
