using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.Intrinsics;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// Tokens of FLOAT and DOUBLE: whole numbers that the type and, for FLOAT(p,s), the column holds. Text rounds: FLOAT to six digits, a column with a
/// scale to that; the token is one of the rounded value, so that a binary row has the same.
/// </summary>
internal static class MySqlFloatMask
{
    /// <summary>As many digits as text has, which the type holds exactly.</summary>
    private const long FloatTokens = 1_000_000;
    private const long DoubleMax = (1L << 53) - 1;
    private const int FixedDigitsMax = 15;

    public static MaskResult Write(in MySqlColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (!TryRead(mask, value, out var number))
            return MaskResult.Invalid;
        number += 0.0; // -0.0 + 0.0 is 0.0
        var random = Cmac.Of(domain, ValueTag.Float, BitConverter.DoubleToInt64Bits(number)).AsUInt64()[0];
        var token = (long)random & DoubleMax;
        if (mask.Type is MySqlMaskType.Float)
            token %= FloatTokens;
        if (mask.Scale >= 0 && mask.Precision - mask.Scale is > 0 and <= FixedDigitsMax and var digits)
            token %= PowerOfTen(digits);
        if (token == number)
            token ^= 1;

        Span<byte> written = stackalloc byte[64];
        if (mask.IsBinary)
        {
            if (mask.Type is MySqlMaskType.Float)
                BinaryPrimitives.WriteSingleLittleEndian(written, token);
            else
                BinaryPrimitives.WriteDoubleLittleEndian(written, token);
            return ValueMasker.Emit(written[..mask.Width], destination, out length);
        }
        Utf8Formatter.TryFormat(token, written, out var size);
        if (mask.Scale > 0)
        {
            written[size] = (byte)'.';
            written.Slice(size + 1, mask.Scale).Fill((byte)'0');
            size += 1 + mask.Scale;
        }
        return ValueMasker.Emit(written[..size], destination, out length);
    }

    /// <summary>The number as the text protocol has it.</summary>
    public static bool TryRead(in MySqlColumnMask mask, ReadOnlySpan<byte> value, out double number)
    {
        if (!mask.IsBinary)
            return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
        number = 0;
        if (value.Length != mask.Width)
            return false;
        number = mask.Type is MySqlMaskType.Float ? BinaryPrimitives.ReadSingleLittleEndian(value) : BinaryPrimitives.ReadDoubleLittleEndian(value);
        if (!double.IsFinite(number))
            return false;
        if (mask.Scale < 0 && mask.Type is MySqlMaskType.Double)
            return true;
        Span<byte> text = stackalloc byte[400];
        return number.TryFormat(text, out var length, mask.Scale < 0 ? "E5" : FixedFormat(mask.Scale), CultureInfo.InvariantCulture)
            && double.TryParse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static ReadOnlySpan<char> FixedFormat(int scale) =>
        "F0F1F2F3F4F5F6F7F8F9F10F11F12F13F14F15F16F17F18F19F20F21F22F23F24F25F26F27F28F29F30".AsSpan(
            scale < 10 ? 2 * scale : 20 + (3 * (scale - 10)), scale < 10 ? 2 : 3);

    private static long PowerOfTen(int exponent)
    {
        var power = 1L;
        for (; exponent > 0; exponent--)
            power *= 10;
        return power;
    }
}
