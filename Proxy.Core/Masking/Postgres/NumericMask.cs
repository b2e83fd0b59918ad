using System.Buffers.Text;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>Tokens of numeric: up to 18 digits within the column's precision, with its scale; whole numbers where it has none.</summary>
internal static class NumericMask
{
    private const int DigitsMax = 18;

    /// <summary>Beyond this scale a token would be mostly zeros: the value is redacted.</summary>
    private const int ScaleMax = 38;

    // Sign, digits or zeros up to the scale, the point.
    private const int TextBytesMax = DigitsMax + ScaleMax + 2;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (Math.Abs((int)mask.Scale) > ScaleMax || !NumericValue.TryRead(value, mask.IsBinary, out var number))
            return MaskResult.Invalid;
        var digits = mask.Precision is > 0 and < DigitsMax ? mask.Precision : DigitsMax;
        var max = PowerOfTen(digits) - 1;
        var unscaled = 1 + (long)Math.BigMul(Random(domain, number), (ulong)max, out _);

        Span<byte> text = stackalloc byte[TextBytesMax];
        var token = text[..WriteText(unscaled, mask.Scale, text)];
        NumericValue.TryRead(token, isBinary: false, out var tokenValue);
        if (tokenValue.Equals(number))
        {
            token = text[..WriteText(unscaled == max ? unscaled - 1 : unscaled + 1, mask.Scale, text)];
            NumericValue.TryRead(token, isBinary: false, out tokenValue);
        }
        if (!mask.IsBinary)
            return ValueMasker.Emit(token, destination, out length);
        Span<byte> binary = stackalloc byte[64];
        return ValueMasker.Emit(binary[..tokenValue.WriteBinary(binary, Math.Max((short)0, mask.Scale))], destination, out length);
    }

    private static ulong Random(KeyDomain domain, in NumericValue number)
    {
        var cmac = new Cmac(domain, ValueTag.Numeric);
        cmac.Append((short)number.Sign);
        cmac.Append((short)number.Highest);
        for (var group = number.Highest; group >= number.Lowest; group--)
            cmac.Append(number[group]);
        return cmac.Finish().AsUInt64()[0];
    }

    /// <summary>Writes unscaled × 10^-scale.</summary>
    internal static int WriteText(long unscaled, int scale, Span<byte> text)
    {
        Utf8Formatter.TryFormat(unscaled, text, out var length);
        if (scale < 0)
        {
            text.Slice(length, -scale).Fill((byte)'0');
            return length - scale;
        }
        if (scale == 0)
            return length;
        var leading = Math.Max(0, scale + 1 - length);
        text[..length].CopyTo(text[leading..]);
        text[..leading].Fill((byte)'0');
        length += leading;
        text[(length - scale)..length].CopyTo(text[(length - scale + 1)..]);
        text[length - scale] = (byte)'.';
        return length + 1;
    }

    private static long PowerOfTen(int exponent)
    {
        var power = 1L;
        for (; exponent > 0; exponent--)
            power *= 10;
        return power;
    }
}
