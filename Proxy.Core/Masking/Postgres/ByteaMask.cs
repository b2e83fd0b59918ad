using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>Tokens of bytea: 16 bytes, in text as hex, which every server since 9.0 reads whatever its bytea_output.</summary>
internal static class ByteaMask
{
    private const int TokenBytes = 16;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        var cmac = new Cmac(domain, ValueTag.Bytea);
        if (mask.IsBinary)
            cmac.Append(value);
        else if (!(value.StartsWith("\\x"u8) ? TryAppendHex(ref cmac, value[2..]) : TryAppendEscaped(ref cmac, value)))
            return MaskResult.Invalid;

        Span<byte> token = stackalloc byte[TokenBytes];
        cmac.Finish().CopyTo(token);
        if (mask.IsBinary)
            return ValueMasker.Emit(token, destination, out length);
        Span<byte> text = stackalloc byte[2 + (2 * TokenBytes)];
        "\\x"u8.CopyTo(text);
        Convert.TryToHexStringLower(token, text[2..], out _);
        return ValueMasker.Emit(text, destination, out length);
    }

    private static bool TryAppendHex(ref Cmac cmac, ReadOnlySpan<byte> hex)
    {
        Span<byte> bytes = stackalloc byte[256];
        while (!hex.IsEmpty)
        {
            var part = hex[..Math.Min(hex.Length, 2 * bytes.Length)];
            if (Convert.FromHexString(part, bytes, out _, out var written) != System.Buffers.OperationStatus.Done)
                return false;
            cmac.Append(bytes[..written]);
            hex = hex[part.Length..];
        }
        return true;
    }

    /// <summary>bytea_output = escape: a doubled backslash, or a backslash and three octal digits.</summary>
    private static bool TryAppendEscaped(ref Cmac cmac, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOf((byte)'\\');
            if (plain < 0)
                plain = text.Length;
            cmac.Append(text[..plain]);
            text = text[plain..];
            if (text is [(byte)'\\', (byte)'\\', ..])
            {
                cmac.Append((byte)'\\');
                text = text[2..];
            }
            else if (text is [(byte)'\\', >= (byte)'0' and <= (byte)'3', >= (byte)'0' and <= (byte)'7', >= (byte)'0' and <= (byte)'7', ..])
            {
                cmac.Append((byte)(((text[1] - '0') << 6) | ((text[2] - '0') << 3) | (text[3] - '0')));
                text = text[4..];
            }
            else if (!text.IsEmpty)
            {
                return false;
            }
        }
        return true;
    }
}
