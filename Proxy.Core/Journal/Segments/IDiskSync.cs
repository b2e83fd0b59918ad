namespace Proxy.Core.Journal.Segments;

/// <summary>How what was written is made to survive the machine.</summary>
internal interface IDiskSync
{
    /// <summary>Comes back when what was stored to the mapping of a file before is on the disk.</summary>
    /// <exception cref="IOException">It may not be, and trying again would not tell.</exception>
    void Flush(string path, System.IO.MemoryMappedFiles.MemoryMappedViewAccessor mapping);

    /// <summary>Comes back when the names in a directory are on the disk: without, a file that was flushed may have none after a power failure.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    void FlushNames(string directory);

    /// <summary>
    /// Says that a flushed file will not be read soon, so that its pages serve the next one. A journal that fills the page cache at the pace of
    /// full answers pushes out what others need; and where memory comes from a hypervisor, a page that is used for the first time costs more
    /// than what is written to it (measured in a virtual machine: 1.1 ms a MiB against 0.15).
    /// </summary>
    void LetGo(Microsoft.Win32.SafeHandles.SafeFileHandle file);
}
