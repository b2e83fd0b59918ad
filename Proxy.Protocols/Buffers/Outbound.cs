using System.IO.Pipelines;

namespace Proxy.Protocols.Buffers;

/// <summary>
/// What one receive turns into on the other leg: runs of the received memory itself and bytes of our own, in order, sent with one write.
/// The usual receive is one run, which goes out without being copied (facts: forwarding the received memory costs half of copying it).
/// A frame that was moved or shortened by masking is moved up to the end of the run, so that the run stays one.
/// Owned by one relay; not thread-safe.
/// </summary>
public sealed class Outbound(PipeWriter output)
{
    /// <summary>How much is asked of the output at once, when long results have to be copied.</summary>
    private const int OwnBytesAhead = 64 * 1024;

    private Memory<byte> _received;
    private int _runStart;
    private int _runEnd;
    // Bytes of our own gather in the output's memory and are given to it together: a masked row that grew costs two copies, not two writes.
    private Memory<byte> _own;
    private int _ownEnd;
    private bool _hasOwn;
    private IOutboundTap? _tap;
    private int _untapped;
    private int _ownUntapped;
    private long _taken;

    /// <summary>Bytes sent in this direction so far, for the record of the session.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Bytes added since the last call.</summary>
    public long TakeAdded()
    {
        var added = TotalBytes - _taken;
        _taken = TotalBytes;
        return added;
    }

    /// <summary>Begins a batch over received memory. The memory may be rewritten in place until <see cref="FlushAsync"/> has completed.</summary>
    public void Begin(Memory<byte> memory)
    {
        _received = memory;
        _runStart = _runEnd = 0;
    }

    /// <summary>Forwards received bytes. Frames must come in the order in which they lie in the memory.</summary>
    public void Forward(int start, int length)
    {
        if (_runStart == _runEnd)
        {
            _runStart = start;
            _runEnd = start + length;
            return;
        }

        if (start != _runEnd)
            _received.Span.Slice(start, length).CopyTo(_received.Span[_runEnd..]);
        _runEnd += length;
    }

    /// <summary>Where a frame that lies at <paramref name="start"/> may be rewritten to begin, so that it joins the run.</summary>
    public int DestinationOf(int start) => _runStart == _runEnd ? start : _runEnd;

    /// <summary>Forwards a frame that was rewritten at <see cref="DestinationOf"/>.</summary>
    public void ForwardRewritten(int destination, int length)
    {
        if (_runStart == _runEnd) _runStart = destination;
        _runEnd = destination + length;
    }

    /// <summary>From here on everything that is added is shown to the tap, at the latest when the tap is taken off.</summary>
    public void BeginTap(IOutboundTap tap)
    {
        _tap = tap;
        _untapped = _runEnd;
        _ownUntapped = _ownEnd;
    }

    /// <summary>Shows what the tap has not seen yet.</summary>
    public void ShowTap()
    {
        if (_tap is null) return;
        ShowTapOwn();
        if (_runStart == _runEnd) return;
        // A run that was empty when the tap was put on has begun somewhere since.
        var from = Math.Max(_untapped, _runStart);
        if (from < _runEnd) _tap.Take(_received.Span[from.._runEnd]);
        _untapped = _runEnd;
    }

    public void EndTap()
    {
        ShowTap();
        _tap = null;
    }

    /// <summary>Whether a send was broken off: the other side may have got part of a message.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>Adds bytes of our own between forwarded frames. They are copied.</summary>
    public void Insert(ReadOnlySpan<byte> own)
    {
        Spill();
        Append(own);
    }

    /// <summary>Room for bytes of our own that are written where they go out from; only what <see cref="Wrote"/> tells of is sent.</summary>
    public Span<byte> Room(int length)
    {
        Spill();
        EnsureOwn(length);
        return _own.Span.Slice(_ownEnd, length);
    }

    /// <summary>So many bytes were written to the last <see cref="Room"/>.</summary>
    public void Wrote(int length)
    {
        _ownEnd += length;
        TotalBytes += length;
        _hasOwn = true;
    }

    /// <summary>Sends what was gathered. Completed when the transport has taken it: this is where backpressure is felt.</summary>
    public async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        IsInterrupted = true;
        var sent = await SendAsync(cancellationToken);
        IsInterrupted = sent.IsCompleted || sent.IsCanceled;
        return sent;
    }

    private ValueTask<FlushResult> SendAsync(CancellationToken cancellationToken)
    {
        GiveOwn();
        if (_runStart == _runEnd)
        {
            if (!_hasOwn) return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: false));
            _hasOwn = false;
            return output.FlushAsync(cancellationToken);
        }

        var run = _received[_runStart.._runEnd];
        TotalBytes += run.Length;
        _runStart = _runEnd = 0;
        _hasOwn = false;
        return output.WriteAsync(run, cancellationToken);
    }

    /// <summary>Received bytes that have to go out before bytes of our own join them.</summary>
    private void Spill()
    {
        if (_runStart == _runEnd) return;
        // The tap is shown everything in order, so what it has seen of the run it has seen after all bytes of our own.
        var seen = Math.Clamp(_untapped - _runStart, 0, _runEnd - _runStart);
        _untapped = 0;
        var run = _received.Span[_runStart.._runEnd];
        _runStart = _runEnd = 0;
        Append(run[..seen]);
        if (seen > 0) _ownUntapped = _ownEnd;
        Append(run[seen..]);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        EnsureOwn(bytes.Length);
        bytes.CopyTo(_own.Span[_ownEnd..]);
        Wrote(bytes.Length);
    }

    /// <summary>What was received tells how much the rest of it will need.</summary>
    private void EnsureOwn(int length)
    {
        if (length <= _own.Length - _ownEnd) return;
        GiveOwn();
        _own = output.GetMemory(Math.Max(length, Math.Min(_received.Length, OwnBytesAhead)));
    }

    /// <summary>Lets the output have them: its memory may be another afterwards, so the tap has to see them first.</summary>
    private void GiveOwn()
    {
        if (_ownEnd == 0) return;
        ShowTapOwn();
        output.Advance(_ownEnd);
        _own = default;
        _ownEnd = _ownUntapped = 0;
    }

    private void ShowTapOwn()
    {
        if (_tap is not null && _ownUntapped < _ownEnd) _tap.Take(_own.Span[_ownUntapped.._ownEnd]);
        _ownUntapped = _ownEnd;
    }
}
