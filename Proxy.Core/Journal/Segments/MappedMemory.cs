using System.IO.MemoryMappedFiles;

namespace Proxy.Core.Journal.Segments;

/// <summary>
/// A file mapped for reading and writing, as spans. Unsafe, because <see cref="MemoryMappedViewAccessor"/> copies through a
/// buffer of its own, and a record is to be written in place. Whoever disposes it knows that nobody holds a span any more.
/// </summary>
internal sealed unsafe class MappedMemory : IDisposable
{
    private const int PageBytes = 4096;

    private readonly FileStream _stream;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _length;
    private readonly string _path;
    private readonly IDiskSync _sync;
    private byte* _start;

    /// <summary>Takes over the stream.</summary>
    /// <param name="path">What the file is called now: it may have been opened under another name.</param>
    public MappedMemory(FileStream file, int length, string? path = null, IDiskSync? sync = null)
    {
        _path = path ?? file.Name;
        _sync = sync ?? DiskSync.Instance;
        _length = length;
        _stream = file;
        _file = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.ReadWrite);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    public Span<byte> Slice(int offset, int length)
    {
        if ((uint)offset > (uint)_length || (uint)length > (uint)(_length - offset))
            ThrowOutside();
        return new Span<byte>(_start + offset, length);
    }

    /// <summary>The 8-byte word at a multiple of 8.</summary>
    public ref ulong Word(int offset)
    {
        if ((uint)offset > (uint)(_length - sizeof(ulong)))
            ThrowOutside();
        return ref *(ulong*)(_start + offset);
    }

    /// <summary>Takes the page faults of these bytes now, by storing to each page what it holds: safe while others write there.</summary>
    public void FaultIn(int from, int to)
    {
        for (int offset = from & -PageBytes; offset < to; offset += PageBytes)
            Interlocked.Or(ref Word(offset), 0);
    }

    /// <summary>Waits until what was stored so far is on the disk.</summary>
    public void Flush() => _sync.Flush(_path, _view);

    public void Dispose()
    {
        if (_start == null)
            return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        // Mapped pages are not let go.
        _sync.LetGo(_stream.SafeFileHandle);
        _file.Dispose();
    }

    private static void ThrowOutside() => throw new InvalidOperationException("Outside the mapped segment.");
}
