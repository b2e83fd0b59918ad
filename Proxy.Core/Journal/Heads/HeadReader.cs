namespace Proxy.Core.Journal.Heads;

/// <summary>
/// Reads heads one after the other, as they follow each other in a file: years of them are more than memory holds. Reads what was there when it was opened, so
/// that what is compared with heads can be looked at afterwards.
/// </summary>
public sealed class HeadReader : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly FileStream _file;
    private readonly long _length;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _from;
    private int _to;
    private SignedHead? _next;
    private int _nextBytes;

    /// <param name="path">The file.</param>
    /// <param name="from">Where a head begins in it.</param>
    /// <param name="to">How far to read, if not to the end.</param>
    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    public HeadReader(string path, long from = 0, long to = long.MaxValue)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _length = Math.Min(_file.Length, to);
        _file.Position = from;
    }

    /// <summary>How many bytes, behind what was read, are no whole head: 0 in a file that was written to its end.</summary>
    public long Rest => _length - Position;

    /// <summary>Where the next head begins.</summary>
    internal long Position => _file.Position - (_to - _from);

    /// <summary>The next head, without going past it; null at the end, and at what is no head as it is written: then this is as far as it goes.</summary>
    public SignedHead? Peek()
    {
        while (_next is null)
        {
            int end = _buffer.AsSpan(_from, _to - _from).IndexOf("\n\n"u8);
            if (end >= 0)
            {
                _nextBytes = end + 2;
                _next = SignedHead.ParseWhole(_buffer.AsSpan(_from, _nextBytes));
                return _next;
            }
            if (!TryFill())
                return null;
        }
        return _next;
    }

    /// <summary>The next head, going past it.</summary>
    public SignedHead? Read()
    {
        SignedHead? head = Peek();
        if (head is not null)
            _from += _nextBytes;
        _next = null;
        return head;
    }

    /// <summary>Goes to a place from which all heads of this segment and of those behind it follow, and few others: heads are in the order of their places.</summary>
    public void MoveBefore(long segment)
    {
        long low = 0, high = _length;
        while (high - low > BufferBytes)
        {
            long middle = low + (high - low) / 2;
            MoveTo(middle);
            if (TrySkipToNext() && Position is var at && at < high && Peek() is { } head && head.Head.Segment < segment)
                low = at;
            else
                high = middle;
        }
        MoveTo(low);
    }

    /// <summary>Goes to the first head that begins in the last bytes of the file, or to the beginning when there is none.</summary>
    public void MoveToLast(long bytes)
    {
        MoveTo(Math.Max(0, _length - bytes));
        if (bytes < _length && !TrySkipToNext())
            MoveTo(0);
    }

    public void Dispose() => _file.Dispose();

    private void MoveTo(long position)
    {
        _file.Position = position;
        _from = _to = 0;
        _next = null;
    }

    /// <summary>From anywhere in a head to the next one.</summary>
    private bool TrySkipToNext()
    {
        while (true)
        {
            int end = _buffer.AsSpan(_from, _to - _from).IndexOf("\n\n"u8);
            if (end >= 0)
            {
                _from += end + 2;
                return true;
            }
            if (!TryFill())
                return false;
        }
    }

    private bool TryFill()
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        int room = (int)Math.Min(_buffer.Length - _to, _length - _file.Position);
        int read = room == 0 ? 0 : _file.Read(_buffer, _to, room);
        _to += read;
        return read > 0;
    }
}
