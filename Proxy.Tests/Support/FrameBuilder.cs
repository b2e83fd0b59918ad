using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Proxy.Tests.Support;

/// <summary>Puts a message body together, big-endian and with zero-terminated strings as PostgreSQL wants them.</summary>
public sealed class FrameBuilder(char type)
{
    private readonly ArrayBufferWriter<byte> _body = new();

    public FrameBuilder AddByte(byte value)
    {
        _body.Write([value]);
        return this;
    }

    public FrameBuilder AddInt16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        return AddBytes(bytes);
    }

    public FrameBuilder AddInt32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return AddBytes(bytes);
    }

    public FrameBuilder AddText(string value)
    {
        AddBytes(Encoding.UTF8.GetBytes(value));
        return AddByte(0);
    }

    public FrameBuilder AddBytes(ReadOnlySpan<byte> value)
    {
        _body.Write(value);
        return this;
    }

    /// <summary>A value with its 32-bit length in front; null has length -1.</summary>
    public FrameBuilder AddValue(byte[]? value)
    {
        AddInt32(value?.Length ?? -1);
        return AddBytes(value);
    }

    public WireFrame Frame() => new(type, _body.WrittenSpan.ToArray());

    public byte[] ToBytes() => Frame().ToBytes();
}
