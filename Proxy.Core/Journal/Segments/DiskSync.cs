using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Proxy.Core.Journal.Segments;

/// <summary>The system's own ways: msync for mappings, fsync for directories, which .NET does not open.</summary>
internal sealed partial class DiskSync : IDiskSync
{
    private const int ReadOnly = 0;
    private const int DontNeed = 4;

    private DiskSync()
    {
    }

    public static DiskSync Instance { get; } = new();

    public void Flush(string path, MemoryMappedViewAccessor mapping) => mapping.Flush();

    public void FlushNames(string directory)
    {
        // Windows keeps names in its own journal.
        if (OperatingSystem.IsWindows())
            return;
        int handle = Open(directory, ReadOnly);
        if (handle < 0)
            throw new IOException($"The directory {directory} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            if (Fsync(handle) != 0)
                throw new IOException($"The directory {directory} cannot be flushed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = Close(handle);
        }
    }

    public void LetGo(SafeFileHandle file)
    {
        // Linux alone: elsewhere the constant is another. What fails costs memory, nothing else.
        if (OperatingSystem.IsLinux())
            _ = Advise(file, 0, 0, DontNeed);
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
