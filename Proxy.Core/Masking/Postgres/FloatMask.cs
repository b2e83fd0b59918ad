using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Tokens of floating point numbers: whole numbers that the type holds exactly (24 and 53 bits). -0 is 0 and every NaN is one. Text says the
/// value only when extra_float_digits is above zero, as it is by default: below, a token of text is one of the rounded value.
/// </summary>
internal static class FloatMask
{
    private const long Float4Max = (1L << 24) - 1;
    private const long Float8Max = (1L << 53) - 1;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (!(mask.IsBinary ? TryReadBinary(mask.Type, value, out var number) : TryReadText(mask.Type, value, out number)))
            return MaskResult.Invalid;
        number = double.IsNaN(number) ? double.NaN : number + 0.0; // -0.0 + 0.0 is 0.0
        var token = Cmac.Of(domain, ValueTag.Float, BitConverter.DoubleToInt64Bits(number)).AsInt64()[0] & (mask.Type == MaskType.Float4 ? Float4Max : Float8Max);
        if (token == number)
            token ^= 1;

        Span<byte> written = stackalloc byte[20];
        var size = Redaction.BinaryLength(mask.Type);
        if (!mask.IsBinary)
            Utf8Formatter.TryFormat(token, written, out size);
        else if (mask.Type == MaskType.Float4)
            BinaryPrimitives.WriteSingleBigEndian(written, token);
        else
            BinaryPrimitives.WriteDoubleBigEndian(written, token);
        return ValueMasker.Emit(written[..size], destination, out length);
    }

    private static bool TryReadBinary(MaskType type, ReadOnlySpan<byte> value, out double number)
    {
        number = 0;
        if (value.Length != Redaction.BinaryLength(type))
            return false;
        number = type == MaskType.Float4 ? BinaryPrimitives.ReadSingleBigEndian(value) : BinaryPrimitives.ReadDoubleBigEndian(value);
        return true;
    }

    private static bool TryReadText(MaskType type, ReadOnlySpan<byte> value, out double number)
    {
        if (type == MaskType.Float8)
            return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        var read = float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var single);
        number = single;
        return read;
    }
}
