using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// Builds packets of our own: the length is patched in when the packet ends. A payload of 16 MiB goes on in further packets, as the protocol has it: a length
/// that does not fit would make the server read what is inside as packets.
/// </summary>
internal sealed class PacketWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(128);
    private readonly List<(int Start, int End)> _packets = [];
    private int _start = -1;

    public PacketWriter Begin(byte sequence)
    {
        if (_start >= 0) throw new InvalidOperationException("The previous packet has not ended.");
        _start = _buffer.WrittenCount;
        _buffer.Write((ReadOnlySpan<byte>)[0, 0, 0, sequence]);
        return this;
    }

    public PacketWriter Byte(byte value)
    {
        _buffer.Write((ReadOnlySpan<byte>)[value]);
        return this;
    }

    public PacketWriter UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(2), (ushort)value);
        _buffer.Advance(2);
        return this;
    }

    public PacketWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public PacketWriter Integer(long value)
    {
        _buffer.Advance(LengthEncoded.Write(_buffer.GetSpan(LengthEncoded.BytesMax), value));
        return this;
    }

    public PacketWriter Bytes(ReadOnlySpan<byte> value)
    {
        _buffer.Write(value);
        return this;
    }

    /// <summary>A string behind its length.</summary>
    public PacketWriter Text(ReadOnlySpan<byte> value) => Integer(value.Length).Bytes(value);

    public PacketWriter Terminated(ReadOnlySpan<byte> value) => Bytes(value).Byte(0);

    public PacketWriter Terminated(string value) => Terminated(Encoding.UTF8.GetBytes(value));

    public PacketWriter End()
    {
        _packets.Add((_start, _buffer.WrittenCount));
        _start = -1;
        return this;
    }

    /// <summary>The finished packets.</summary>
    public byte[] ToArray()
    {
        if (_start >= 0) throw new InvalidOperationException("The last packet has not ended.");
        var isSplit = _packets.Exists(static packet => packet.End - packet.Start - MySqlFraming.HeaderLength >= MySqlFraming.PayloadMax);
        var bytes = isSplit ? Split() : _buffer.WrittenSpan.ToArray();
        if (!isSplit)
            foreach (var (start, end) in _packets)
                MySqlFraming.WriteLength(bytes.AsSpan(start), end - start - MySqlFraming.HeaderLength);
        // What was written may be a password.
        _buffer.Clear();
        return bytes;
    }

    /// <summary>The numbers count on from that of the first; the last packet is the first that is not full, be it empty.</summary>
    private byte[] Split()
    {
        var split = new ArrayBufferWriter<byte>(_buffer.WrittenCount + (2 * MySqlFraming.HeaderLength));
        foreach (var (start, end) in _packets)
        {
            var sequence = _buffer.WrittenSpan[start + MySqlFraming.SequenceOffset];
            var rest = _buffer.WrittenSpan[(start + MySqlFraming.HeaderLength)..end];
            int length;
            do
            {
                length = Math.Min(rest.Length, MySqlFraming.PayloadMax);
                var header = split.GetSpan(MySqlFraming.HeaderLength);
                MySqlFraming.WriteLength(header, length);
                header[MySqlFraming.SequenceOffset] = sequence++;
                split.Advance(MySqlFraming.HeaderLength);
                split.Write(rest[..length]);
                rest = rest[length..];
            }
            while (length == MySqlFraming.PayloadMax);
        }

        var bytes = split.WrittenSpan.ToArray();
        split.Clear();
        return bytes;
    }
}
