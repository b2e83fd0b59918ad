namespace Proxy.Protocols.MySql;

/// <summary>
/// Puts commands together: one packet each, or, from 16 MiB on, several, whose numbers count on from 0. A command over the limit is read to its end without
/// being kept. Owned by the request relay.
/// </summary>
internal sealed class RequestPackets(int bytesMax)
{
    /// <summary>What is kept of a command over the limit: its code, a statement and a parameter.</summary>
    private const int HeadBytes = 7;

    private readonly byte[] _head = new byte[HeadBytes];
    private byte[] _joined = [];
    private int _skipping;
    private byte _nextSequence;
    private bool _isLastPacket;

    /// <summary>The command that was read is longer than the limit: only <see cref="Command"/> and <see cref="Head"/> are known of it.</summary>
    public bool IsOverLimit { get; private set; }

    public byte Command => _head[0];

    /// <summary>Behind the command byte.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(1);

    /// <summary>Reads the command at the position.</summary>
    /// <param name="received">What there is.</param>
    /// <param name="position">Where it begins.</param>
    /// <param name="frame">The command, when it is whole. Of one over the limit the end only.</param>
    /// <param name="skipped">Bytes that are done with although the command is not whole.</param>
    public FrameStatus TryRead(ReadOnlyMemory<byte> received, int position, out RequestFrame frame, out int skipped)
    {
        frame = default;
        if (IsOverLimit) return TrySkip(received, position, out frame, out skipped);
        skipped = 0;
        var end = position;
        var payload = 0;
        byte sequence = 0;
        while (true)
        {
            if (!MySqlFraming.TryReadHeader(received.Span[end..], out var length, out var number)) return FrameStatus.Incomplete;
            if (number != sequence) return FrameStatus.Malformed;
            var available = received.Length - end - MySqlFraming.HeaderLength;
            payload += length;
            if (payload > bytesMax)
            {
                if (received.Length - position < MySqlFraming.HeaderLength + HeadBytes) return FrameStatus.Incomplete;
                received.Span.Slice(position + MySqlFraming.HeaderLength, HeadBytes).CopyTo(_head);
                IsOverLimit = true;
                _nextSequence = 0;
                _skipping = 0;
                _isLastPacket = false;
                return TrySkip(received, position, out frame, out skipped);
            }

            if (available < length) return FrameStatus.Incomplete;
            end += MySqlFraming.HeaderLength + length;
            if (length < MySqlFraming.PayloadMax) break;
            sequence++;
        }

        var whole = received.Span[position..end];
        frame = new RequestFrame(position, end - position, sequence, sequence == 0 ? whole[MySqlFraming.HeaderLength..] : Joined(whole, payload));
        return FrameStatus.Complete;
    }

    /// <summary>The command has been dealt with.</summary>
    public void Taken()
    {
        IsOverLimit = false;
        _joined = [];
    }

    private FrameStatus TrySkip(ReadOnlyMemory<byte> received, int position, out RequestFrame frame, out int skipped)
    {
        frame = default;
        var at = position;
        while (true)
        {
            var part = Math.Min(_skipping, received.Length - at);
            at += part;
            _skipping -= part;
            skipped = at - position;
            if (_skipping > 0) return FrameStatus.Incomplete;
            if (_isLastPacket)
            {
                frame = new RequestFrame(at, 0, (byte)(_nextSequence - 1), default);
                return FrameStatus.Complete;
            }

            if (!MySqlFraming.TryReadHeader(received.Span[at..], out var length, out var number)) return FrameStatus.Incomplete;
            if (number != _nextSequence++) return FrameStatus.Malformed;
            at += MySqlFraming.HeaderLength;
            _skipping = length;
            _isLastPacket = length < MySqlFraming.PayloadMax;
        }
    }

    private byte[] Joined(ReadOnlySpan<byte> packets, int payload)
    {
        var joined = new byte[payload];
        var written = 0;
        while (!packets.IsEmpty)
        {
            MySqlFraming.TryReadHeader(packets, out var length, out _);
            packets.Slice(MySqlFraming.HeaderLength, length).CopyTo(joined.AsSpan(written));
            written += length;
            packets = packets[(MySqlFraming.HeaderLength + length)..];
        }

        return _joined = joined;
    }
}
