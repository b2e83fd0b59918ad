using System.Buffers.Binary;

namespace Proxy.Protocols.Buffers;

/// <summary>
/// A cursor over the body of one message. Every read says whether it succeeded; after the first failure all further reads fail,
/// so that a decoder checks once at its end, together with <see cref="IsAtEnd"/>.
/// </summary>
public ref struct WireReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> body = body;
    private int position;

    public bool Failed { get; private set; }

    /// <summary>True when everything was read and nothing failed: a decoder that leaves bytes has misread the message.</summary>
    public readonly bool IsAtEnd => !Failed && position == body.Length;

    public readonly int Position => position;

    public byte ReadByte() => Take(1) is [var value] ? value : (byte)0;

    public short ReadInt16() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadInt16BigEndian(bytes) : (short)0;

    public int ReadInt32() => Take(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadInt32BigEndian(bytes) : 0;

    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    /// <summary>A zero-terminated string; the zero is consumed and not returned.</summary>
    public ReadOnlySpan<byte> ReadCString()
    {
        var end = Failed ? -1 : body[position..].IndexOf((byte)0);
        if (end < 0)
        {
            Failed = true;
            return default;
        }

        var value = body.Slice(position, end);
        position += end + 1;
        return value;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count < 0 || count > body.Length - position)
        {
            Failed = true;
            return default;
        }

        var taken = body.Slice(position, count);
        position += count;
        return taken;
    }
}
