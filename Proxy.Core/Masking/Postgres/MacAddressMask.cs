using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>Tokens of macaddr and macaddr8: an address of one station that is administered locally (IEEE 802), so no maker's.</summary>
internal static class MacAddressMask
{
    private const int BytesMax = 8;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        Span<byte> read = stackalloc byte[BytesMax];
        read = read[..Redaction.BinaryLength(mask.Type)];
        if (mask.IsBinary ? value.Length != read.Length : !TryReadText(value, read))
            return MaskResult.Invalid;
        if (mask.IsBinary)
            value.CopyTo(read);

        Span<byte> token = stackalloc byte[16];
        Cmac.Of(domain, mask.Type == MaskType.MacAddress ? ValueTag.MacAddress : ValueTag.MacAddress8, read).CopyTo(token);
        token = token[..read.Length];
        token[0] = (byte)((token[0] & 0xFC) | 0x02);
        if (token.SequenceEqual(read))
            token[^1] ^= 1;
        if (mask.IsBinary)
            return ValueMasker.Emit(token, destination, out length);
        Span<byte> text = stackalloc byte[3 * BytesMax];
        for (var i = 0; i < token.Length; i++)
        {
            Convert.TryToHexStringLower(token.Slice(i, 1), text[(3 * i)..], out _);
            text[(3 * i) + 2] = (byte)':';
        }
        return ValueMasker.Emit(text[..((3 * token.Length) - 1)], destination, out length);
    }

    private static bool TryReadText(ReadOnlySpan<byte> value, Span<byte> address)
    {
        if (value.Length != (3 * address.Length) - 1)
            return false;
        for (var i = 0; i < address.Length; i++)
        {
            if ((i > 0 && value[(3 * i) - 1] != (byte)':')
                || Convert.FromHexString(value.Slice(3 * i, 2), address.Slice(i, 1), out _, out _) != System.Buffers.OperationStatus.Done)
                return false;
        }
        return true;
    }
}
