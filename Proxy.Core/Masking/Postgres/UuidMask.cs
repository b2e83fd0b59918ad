using System.Buffers.Text;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>Tokens of uuid: version 8 (RFC 9562 §5.8), 122 bits.</summary>
internal static class UuidMask
{
    private const int Bytes = 16;
    private const int TextLength = 36;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        Span<byte> uuid = stackalloc byte[Bytes];
        if (mask.IsBinary)
        {
            if (value.Length != Bytes)
                return MaskResult.Invalid;
            value.CopyTo(uuid);
        }
        else
        {
            if (value.Length != TextLength || !Utf8Parser.TryParse(value, out Guid guid, out var consumed) || consumed != TextLength)
                return MaskResult.Invalid;
            guid.TryWriteBytes(uuid, bigEndian: true, out _);
        }
        Cmac.Of(domain, ValueTag.Uuid, uuid).CopyTo(uuid);
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x80);
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        if (mask.IsBinary)
            return ValueMasker.Emit(uuid, destination, out length);
        Span<byte> text = stackalloc byte[TextLength];
        Utf8Formatter.TryFormat(new Guid(uuid, bigEndian: true), text, out _);
        return ValueMasker.Emit(text, destination, out length);
    }
}
