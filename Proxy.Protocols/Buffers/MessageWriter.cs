using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Proxy.Protocols.Buffers;

/// <summary>Builds messages of our own: type byte, length patched in when the message ends, so that no caller counts bytes.</summary>
public sealed class MessageWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private int _start = -1;
    private byte[] _patched = [];

    public MessageWriter Begin(byte type)
    {
        if (_start >= 0) throw new InvalidOperationException("The previous message has not ended.");
        _start = _buffer.WrittenCount;
        _buffer.Write((ReadOnlySpan<byte>)[type, 0, 0, 0, 0]);
        return this;
    }

    /// <summary>Begins a message without a type byte (start-up packets).</summary>
    public MessageWriter BeginUntyped()
    {
        if (_start >= 0) throw new InvalidOperationException("The previous message has not ended.");
        _start = _buffer.WrittenCount - 1; // The length then lies where it would lie behind a type byte.
        _buffer.Write((ReadOnlySpan<byte>)[0, 0, 0, 0]);
        return this;
    }

    public MessageWriter Byte(byte value)
    {
        _buffer.Write((ReadOnlySpan<byte>)[value]);
        return this;
    }

    public MessageWriter Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
        return this;
    }

    public MessageWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public MessageWriter Bytes(ReadOnlySpan<byte> value)
    {
        _buffer.Write(value);
        return this;
    }

    public MessageWriter CString(string value)
    {
        Encoding.UTF8.GetBytes(value, _buffer);
        return Byte(0);
    }

    public MessageWriter CString(ReadOnlySpan<byte> value) => Bytes(value).Byte(0);

    public MessageWriter End()
    {
        _lengths.Add((_start + 1, _buffer.WrittenCount - _start - 1));
        _start = -1;
        return this;
    }

    private readonly List<(int Position, int Length)> _lengths = [];

    /// <summary>The finished messages. The memory is the writer's own copy and stays valid until the next call.</summary>
    public byte[] ToArray()
    {
        if (_start >= 0) throw new InvalidOperationException("The last message has not ended.");
        _patched = _buffer.WrittenSpan.ToArray();
        foreach (var (position, length) in _lengths)
            BinaryPrimitives.WriteInt32BigEndian(_patched.AsSpan(position), length);
        return _patched;
    }
}
