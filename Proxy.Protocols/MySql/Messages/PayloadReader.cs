using System.Buffers.Binary;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// A cursor over one payload, little endian. Every read says whether it succeeded; after the first failure all further reads fail, so that a decoder
/// checks once at its end, together with <see cref="IsAtEnd"/>.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;

    public bool Failed { get; private set; }

    public int Position { get; private set; }

    /// <summary>True when everything was read and nothing failed: a decoder that leaves bytes has misread the packet.</summary>
    public readonly bool IsAtEnd => !Failed && Position == _payload.Length;

    public readonly ReadOnlySpan<byte> Rest => Failed ? default : _payload[Position..];

    public byte Byte() => Bytes(1) is [var value] ? value : (byte)0;

    public ushort UInt16() => Bytes(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public uint UInt32() => Bytes(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public long Integer()
    {
        if (!Failed && LengthEncoded.TryRead(_payload[Position..], out var value, out var size))
        {
            Position += size;
            return value;
        }

        Failed = true;
        return 0;
    }

    /// <summary>A string behind its length.</summary>
    public ReadOnlySpan<byte> Text()
    {
        var length = Integer();
        return Bytes(length > int.MaxValue ? -1 : (int)length);
    }

    /// <summary>A zero-terminated string; the zero is consumed and not returned.</summary>
    public ReadOnlySpan<byte> Terminated()
    {
        var end = Failed ? -1 : _payload[Position..].IndexOf((byte)0);
        if (end < 0)
        {
            Failed = true;
            return default;
        }

        var value = _payload.Slice(Position, end);
        Position += end + 1;
        return value;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (Failed || count < 0 || count > _payload.Length - Position)
        {
            Failed = true;
            return default;
        }

        var taken = _payload.Slice(Position, count);
        Position += count;
        return taken;
    }
}
