namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Reads inet and cidr. Binary: byte family (2 or 3), byte prefix length, byte whether cidr, byte number of bytes, and the address (network_send
/// in src/backend/utils/adt/network.c). Text: dotted or colon notation, with its prefix unless it is an inet of full length.
/// </summary>
internal static class NetworkAddress
{
    public const byte FamilyFour = 2;
    public const byte FamilySix = 3;
    private const int BytesOfFour = 4;
    private const int BytesOfSix = 16;

    /// <param name="value">The value.</param>
    /// <param name="isBinary">Its format.</param>
    /// <param name="address">Room for 16 bytes.</param>
    /// <param name="size">Bytes of the address: 4 or 16.</param>
    /// <param name="prefix">Bits of the network.</param>
    public static bool TryRead(ReadOnlySpan<byte> value, bool isBinary, Span<byte> address, out int size, out int prefix) =>
        isBinary ? TryReadBinary(value, address, out size, out prefix) : TryReadText(value, address, out size, out prefix);

    private static bool TryReadBinary(ReadOnlySpan<byte> value, Span<byte> address, out int size, out int prefix)
    {
        size = prefix = 0;
        if (value is not [FamilyFour or FamilySix, _, _, _, ..])
            return false;
        size = value[0] == FamilyFour ? BytesOfFour : BytesOfSix;
        prefix = value[1];
        if (prefix > 8 * size || value[3] != size || value.Length != 4 + size)
            return false;
        value[4..].CopyTo(address);
        return true;
    }

    private static bool TryReadText(ReadOnlySpan<byte> value, Span<byte> address, out int size, out int prefix)
    {
        size = value.Contains((byte)':') ? BytesOfSix : BytesOfFour;
        prefix = 8 * size;
        var slash = value.IndexOf((byte)'/');
        if (slash >= 0)
        {
            var bits = value[(slash + 1)..];
            if (!TryNumber(ref bits, 3, out var number) || !bits.IsEmpty || number > prefix)
                return false;
            prefix = number;
            value = value[..slash];
        }
        return size == BytesOfFour ? TryReadFour(value, address) : TryReadSix(value, address);
    }

    private static bool TryReadFour(ReadOnlySpan<byte> value, Span<byte> address)
    {
        for (var i = 0; i < BytesOfFour; i++)
        {
            if (i > 0)
            {
                if (value is not [(byte)'.', ..])
                    return false;
                value = value[1..];
            }
            if (!TryNumber(ref value, 3, out var number) || number > byte.MaxValue)
                return false;
            address[i] = (byte)number;
        }
        return value.IsEmpty;
    }

    /// <summary>Groups of up to four digits, one run of zeros left out, perhaps the last two groups dotted.</summary>
    private static bool TryReadSix(ReadOnlySpan<byte> value, Span<byte> address)
    {
        address[..BytesOfSix].Clear();
        var written = 0;
        var gap = -1;
        if (value.StartsWith("::"u8))
        {
            gap = 0;
            value = value[2..];
        }
        while (!value.IsEmpty)
        {
            var end = value.IndexOf((byte)':');
            var group = end < 0 ? value : value[..end];
            if (group.Contains((byte)'.'))
            {
                if (end >= 0 || written > BytesOfSix - BytesOfFour || !TryReadFour(group, address[written..]))
                    return false;
                written += BytesOfFour;
                break;
            }
            if (written == BytesOfSix || !TryGroup(group, out var number))
                return false;
            address[written++] = (byte)(number >> 8);
            address[written++] = (byte)number;
            if (end < 0)
                break;
            value = value[(end + 1)..];
            if (value is [(byte)':', ..])
            {
                if (gap >= 0)
                    return false;
                gap = written;
                value = value[1..];
            }
            else if (value.IsEmpty)
            {
                return false;
            }
        }
        if (gap < 0)
            return written == BytesOfSix;
        if (written == BytesOfSix)
            return false;
        var tail = written - gap;
        address[gap..written].CopyTo(address[(BytesOfSix - tail)..]);
        address[gap..(BytesOfSix - tail)].Clear();
        return true;
    }

    private static bool TryGroup(ReadOnlySpan<byte> group, out int number)
    {
        number = 0;
        if (group.Length is 0 or > 4)
            return false;
        foreach (var digit in group)
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
            number = (number << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
        return true;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> value, int digitsMax, out int number)
    {
        number = 0;
        var count = 0;
        for (; count < value.Length && value[count] is >= (byte)'0' and <= (byte)'9'; count++)
            if (count < digitsMax)
                number = (number * 10) + value[count] - '0';
        value = value[count..];
        return count >= 1 && count <= digitsMax;
    }
}
