using System.Runtime.Intrinsics;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>Tokens of DECIMAL, which both protocols send as digits: up to 18 digits within the column's precision, with its scale.</summary>
internal static class MySqlDecimalMask
{
    private const int DigitsMax = 18;

    /// <summary>65 digits, a point and a sign; leading zeros of ZEROFILL are among the digits.</summary>
    private const int CharsMax = 70;

    public static MaskResult Write(in MySqlColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        Span<byte> canonical = stackalloc byte[CharsMax];
        if (!TryRead(value, canonical, out var size))
            return MaskResult.Invalid;
        var max = 1L;
        for (var digits = mask.Precision is > 0 and < DigitsMax ? mask.Precision : DigitsMax; digits > 0; digits--)
            max *= 10;
        max--;
        var unscaled = 1 + (long)Math.BigMul(Cmac.Of(domain, ValueTag.Numeric, canonical[..size]).AsUInt64()[0], (ulong)max, out _);
        Span<byte> text = stackalloc byte[DigitsMax + CharsMax];
        var token = text[..NumericMask.WriteText(unscaled, mask.Scale, text)];
        Span<byte> other = stackalloc byte[DigitsMax + CharsMax];
        if (TryRead(token, other, out var otherSize) && other[..otherSize].SequenceEqual(canonical[..size]))
            token = text[..NumericMask.WriteText(unscaled == max ? unscaled - 1 : unscaled + 1, mask.Scale, text)];
        return ValueMasker.Emit(token, destination, out length);
    }

    /// <summary>The number without zeros that say nothing, so that 1.0, 1.00 and 01 are the same.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, Span<byte> canonical, out int length)
    {
        length = 0;
        var isNegative = value is [(byte)'-', ..];
        var digits = isNegative ? value[1..] : value;
        if (digits.IsEmpty || digits.Length > CharsMax - 2)
            return false;
        var point = digits.IndexOf((byte)'.');
        var whole = (point < 0 ? digits : digits[..point]).TrimStart((byte)'0');
        var fraction = (point < 0 ? [] : digits[(point + 1)..]).TrimEnd((byte)'0');
        if (whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        if (isNegative && (!whole.IsEmpty || !fraction.IsEmpty))
            canonical[length++] = (byte)'-';
        whole.CopyTo(canonical[length..]);
        length += whole.Length;
        canonical[length++] = (byte)'.';
        fraction.CopyTo(canonical[length..]);
        length += fraction.Length;
        return true;
    }
}
