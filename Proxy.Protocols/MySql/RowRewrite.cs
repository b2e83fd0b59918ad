using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Two positions in one row that is rewritten in the memory it came in: what has been read, and what has been written. The output follows the input and
/// never overtakes it; runs that are shown move at once. Where the row outgrows what has been read, the rest goes to the scratch buffer, and back if it
/// fits after all.
/// </summary>
internal ref struct RowRewrite
{
    private readonly Span<byte> _region;
    private readonly RowScratch _scratch;
    private Span<byte> _output;
    private int _read;
    private int _runStart;
    private int _written;

    /// <param name="region">Free bytes, then the row, to its end.</param>
    /// <param name="free">How many bytes before the row it may use.</param>
    /// <param name="scratch">The session's.</param>
    public RowRewrite(Span<byte> region, int free, RowScratch scratch)
    {
        _region = region;
        _scratch = scratch;
        _output = region;
        _runStart = _read = free;
        IsInPlace = true;
    }

    public bool IsInPlace { get; private set; }

    /// <summary>What has been written; valid until the next write.</summary>
    public readonly Span<byte> Written => _output[.._written];

    /// <summary>Writes what is shown up to a position of the region.</summary>
    public void Show(int end)
    {
        var count = end - _runStart;
        _read = end;
        if (count > 0)
        {
            if (!IsInPlace) _region.Slice(_runStart, count).CopyTo(Room(count));
            else if (_written != _runStart) _region.Slice(_runStart, count).CopyTo(_output[_written..]);
            _written += count;
        }

        _runStart = end;
    }

    /// <summary>Writes what is shown up to a value, and nothing of the value.</summary>
    /// <param name="start">Where the value begins in the region, its length included.</param>
    /// <param name="end">Where it ends.</param>
    public void Leave(int start, int end)
    {
        Show(start);
        _read = _runStart = end;
    }

    /// <summary>Writes bytes of our own in the place of those left out.</summary>
    public void Write(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        _written += value.Length;
    }

    /// <summary>The same with their length in front.</summary>
    public void WriteCounted(scoped ReadOnlySpan<byte> value)
    {
        var room = Room(LengthEncoded.SizeOf(value.Length) + value.Length);
        var prefix = LengthEncoded.Write(room, value.Length);
        value.CopyTo(room[prefix..]);
        _written += prefix + value.Length;
    }

    /// <summary>Finishes the row: in place if it fits there.</summary>
    public RowOutcome Finish(out int length)
    {
        Show(_region.Length);
        length = _written;
        if (!IsInPlace && length <= _region.Length)
        {
            _output[..length].CopyTo(_region);
            IsInPlace = true;
        }

        return IsInPlace ? RowOutcome.InPlace : RowOutcome.InScratch;
    }

    private Span<byte> Room(int size)
    {
        if (IsInPlace)
        {
            if (size <= _read - _written) return _output[_written.._read];
            _scratch.Grow(_region.Length + size, kept: 0);
            _region[.._written].CopyTo(_scratch.Buffer);
            _output = _scratch.Buffer;
            IsInPlace = false;
        }

        if (size > _output.Length - _written)
        {
            _scratch.Grow(_written + Math.Max(size, _output.Length), _written);
            _output = _scratch.Buffer;
        }

        return _output[_written..];
    }
}
