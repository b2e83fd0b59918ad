using Microsoft.Win32.SafeHandles;

namespace Proxy.Core.Journal.Segments;

/// <summary>Obtains room on the disk for a segment before it is mapped.</summary>
public interface ISegmentAllocator
{
    /// <summary>
    /// Makes the file exactly this long, all zeros, with every block really allocated. A store into a mapping of a sparse file on a full disk is
    /// SIGBUS, which kills the process: running out must show here, as an exception.
    /// </summary>
    /// <exception cref="IOException">There is no room.</exception>
    void Allocate(SafeFileHandle file, int bytes);
}
