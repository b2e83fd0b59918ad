using System.IO.MemoryMappedFiles;
using Proxy.Core.Journal.Segments;

namespace Proxy.Tests.Core.Journal;

/// <summary>A disk that takes what is written to it and fails when it is to be kept, from a moment on.</summary>
internal sealed class BrokenDisk : IDiskSync
{
    private volatile bool _isBroken;
    private int _failures;

    /// <summary>How often it was asked since it broke.</summary>
    public int Failures => Volatile.Read(ref _failures);

    public void Break() => _isBroken = true;

    public void Mend() => _isBroken = false;

    public void Flush(string path, MemoryMappedViewAccessor mapping)
    {
        Fail();
        mapping.Flush();
    }

    public void FlushNames(string directory) => Fail();

    public void LetGo(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
    }

    private void Fail()
    {
        if (!_isBroken) return;
        Interlocked.Increment(ref _failures);
        throw new IOException("Input/output error");
    }
}
