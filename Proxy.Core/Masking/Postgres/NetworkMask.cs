using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Tokens of inet and cidr: an address of the private range fd00::/8 (RFC 4193), which cannot be anybody's, whatever the family of the value.
/// No group of it is short, so it has one text.
/// </summary>
internal static class NetworkMask
{
    private const int AddressBytes = 16;
    private const int Groups = 8;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        Span<byte> read = stackalloc byte[AddressBytes];
        if (!NetworkAddress.TryRead(value, mask.IsBinary, read, out var size, out var prefix))
            return MaskResult.Invalid;
        var cmac = new Cmac(domain, ValueTag.Network);
        cmac.Append((byte)prefix);
        cmac.Append(read[..size]);
        Span<byte> token = stackalloc byte[AddressBytes];
        cmac.Finish().CopyTo(token);
        for (var i = 0; i < AddressBytes; i += 2)
            token[i] |= 0x10;
        token[0] = 0xFD;
        if (size == AddressBytes && read.SequenceEqual(token))
            token[^1] ^= 1;

        Span<byte> written = stackalloc byte[48];
        if (mask.IsBinary)
        {
            written[0] = NetworkAddress.FamilySix;
            written[1] = 128;
            written[2] = mask.Type == MaskType.Cidr ? (byte)1 : (byte)0;
            written[3] = AddressBytes;
            token.CopyTo(written[4..]);
            return ValueMasker.Emit(written[..(4 + AddressBytes)], destination, out length);
        }
        var end = 0;
        for (var group = 0; group < Groups; group++)
        {
            if (group > 0)
                written[end++] = (byte)':';
            Convert.TryToHexStringLower(token.Slice(2 * group, 2), written[end..], out _);
            end += 4;
        }
        if (mask.Type == MaskType.Cidr)
        {
            "/128"u8.CopyTo(written[end..]);
            end += 4;
        }
        return ValueMasker.Emit(written[..end], destination, out length);
    }
}
