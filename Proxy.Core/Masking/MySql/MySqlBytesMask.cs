using System.Runtime.Intrinsics;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// Tokens of binary strings and of BIT(n), which come as bytes in both protocols: 16 bytes within the column's length. BINARY(n) is filled up with
/// zeros, as the server does; BIT(n) has as many bits as it has.
/// </summary>
internal static class MySqlBytesMask
{
    private const int TokenBytes = 16;
    private const int BytesMax = 255;

    public static MaskResult Write(in MySqlColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        var isBit = mask.Type is MySqlMaskType.Bit;
        Span<byte> token = stackalloc byte[BytesMax];
        token.Clear();
        Cmac.Of(domain, isBit ? ValueTag.Bits : ValueTag.Bytea, value).CopyTo(token);
        var size = mask switch
        {
            { Type: MySqlMaskType.Bit } => (mask.MaxLength + 7) / 8,
            { Type: MySqlMaskType.FixedBytes } => Math.Min(mask.MaxLength, BytesMax),
            { MaxLength: 0 } => TokenBytes,
            _ => Math.Min(mask.MaxLength, TokenBytes),
        };
        // The highest byte comes first, and a BIT does not fill it.
        if (isBit && mask.MaxLength % 8 is > 0 and var bits)
            token[0] &= (byte)((1 << bits) - 1);
        token = token[..size];
        if (token.SequenceEqual(value))
            token[^1] ^= 1;
        return ValueMasker.Emit(token, destination, out length);
    }
}
