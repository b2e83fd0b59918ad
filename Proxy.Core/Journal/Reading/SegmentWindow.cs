using Microsoft.Win32.SafeHandles;

namespace Proxy.Core.Journal.Reading;

/// <summary>A sliding buffer over a segment file. Plain reads, not a mapping: a file that somebody cuts off under a mapping kills the process.</summary>
internal sealed class SegmentWindow(SafeFileHandle file)
{
    private const int ReadBytes = 256 * 1024;

    private byte[] _buffer = new byte[ReadBytes];
    private long _from;
    private int _filled;

    /// <summary>These bytes of the file, or fewer at its end; valid until the next call.</summary>
    public ReadOnlyMemory<byte> At(long offset, int length)
    {
        if (offset < _from || offset + length > _from + _filled)
            Fill(offset, length);
        int start = (int)(offset - _from);
        return _buffer.AsMemory(start, Math.Min(length, _filled - start));
    }

    /// <summary>Forgets what was read: the file may have grown since.</summary>
    public void Invalidate() => _filled = 0;

    private void Fill(long offset, int length)
    {
        if (length > _buffer.Length)
            _buffer = new byte[length];
        _from = offset;
        _filled = 0;
        while (_filled < _buffer.Length)
        {
            int read = RandomAccess.Read(file, _buffer.AsSpan(_filled), offset + _filled);
            if (read == 0)
                return;
            _filled += read;
        }
    }
}
