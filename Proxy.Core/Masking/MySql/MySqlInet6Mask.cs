using System.Buffers.Binary;
using System.Buffers.Text;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>Tokens of MariaDB's INET6, which comes as text: an address in fd00::/8, which belongs to nobody. The server writes each address in one way.</summary>
internal static class MySqlInet6Mask
{
    private const int AddressBytes = 16;
    private const int CharsMax = 39;

    public static MaskResult Write(KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (value.Length is < 2 or > CharsMax + 6)
            return MaskResult.Invalid;
        Span<byte> address = stackalloc byte[AddressBytes];
        System.Runtime.Intrinsics.Vector128.CopyTo(Cmac.Of(domain, ValueTag.Network, value), address);
        address[0] = 0xFD;
        Span<byte> text = stackalloc byte[CharsMax];
        var size = 0;
        for (var i = 0; i < AddressBytes; i += 2)
        {
            if (i > 0)
                text[size++] = (byte)':';
            Utf8Formatter.TryFormat((uint)BinaryPrimitives.ReadUInt16BigEndian(address[i..]), text[size..], out var digits, new System.Buffers.StandardFormat('x'));
            size += digits;
        }
        return ValueMasker.Emit(text[..size], destination, out length);
    }
}
