using System.Buffers.Binary;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>CopyInResponse and CopyOutResponse: int8 format, int16 number of columns, and the int16 format of each: 0 text, 1 binary.</summary>
public static class CopyResponse
{
    private const int FixedBytes = sizeof(byte) + sizeof(short);

    /// <summary>Whether a well-formed response announces so many columns, all of them in this format.</summary>
    public static bool IsOf(ReadOnlySpan<byte> body, int columns, bool isBinary)
    {
        ReadOnlySpan<byte> format = isBinary ? [0, 1] : [0, 0];
        if (body[0] != format[1] || BinaryPrimitives.ReadUInt16BigEndian(body[1..]) != columns) return false;
        for (var formats = body[FixedBytes..]; !formats.IsEmpty; formats = formats[sizeof(short)..])
            if (!formats[..sizeof(short)].SequenceEqual(format))
                return false;
        return true;
    }

    public static bool IsWellFormed(ReadOnlySpan<byte> body)
    {
        if (body.Length < FixedBytes || body[0] > 1) return false;
        var formats = body[FixedBytes..];
        if (formats.Length != BinaryPrimitives.ReadUInt16BigEndian(body[1..]) * sizeof(short)) return false;
        for (; !formats.IsEmpty; formats = formats[sizeof(short)..])
            if (BinaryPrimitives.ReadUInt16BigEndian(formats) > 1)
                return false;
        return true;
    }
}
