using Proxy.Protocols.Buffers;

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
        _runStart = Read = free;
        IsInPlace = true;
    }

    public bool IsInPlace { get; private set; }

    /// <summary>Up to where the row has been read.</summary>
    public int Read { get; private set; }

    /// <summary>What has not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _region[Read..];

    public readonly bool IsAtEnd => Read == _region.Length;

    /// <summary>What has been written; valid until the next write.</summary>
    public readonly Span<byte> Written => _output[.._written];

    /// <summary>Steps over bytes that are shown: they join the run to be copied.</summary>
    public void Show(int count) => Read += count;

    /// <summary>Steps over bytes that are not shown, after writing the run before them.</summary>
    public void Leave(int count)
    {
        FlushRun();
        Read += count;
        _runStart = Read;
    }

    /// <summary>Writes bytes of our own in the place of those left out.</summary>
    public void Write(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        _written += value.Length;
    }

    public void FlushRun()
    {
        var count = Read - _runStart;
        if (count > 0)
        {
            if (!IsInPlace) _region.Slice(_runStart, count).CopyTo(Room(count));
            else if (_written != _runStart) _region.Slice(_runStart, count).CopyTo(_output[_written..]);
            _written += count;
        }

        _runStart = Read;
    }

    /// <summary>Finishes the row: in place if it fits there.</summary>
    public RowOutcome Finish(out int length)
    {
        FlushRun();
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
            if (size <= Read - _written) return _output[_written..Read];
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
