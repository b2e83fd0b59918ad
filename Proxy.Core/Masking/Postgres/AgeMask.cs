using System.Buffers.Binary;
using System.Globalization;

namespace Proxy.Core.Masking.Postgres;

/// <summary>Ages up to 89 as they are; 90 stands for every higher one (45 CFR 164.514(b)(2)(i)(C)). What is no age is redacted.</summary>
internal static class AgeMask
{
    private const int Oldest = 90;

    public static bool Takes(MaskType type) =>
        type is MaskType.Int16 or MaskType.Int32 or MaskType.Int64 or MaskType.Float4 or MaskType.Float8 or MaskType.Numeric;

    public static MaskResult Write(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (!TryRead(mask, value, out var age) || !(age >= 0))
            return MaskResult.Invalid;
        if (age < Oldest)
            return ValueMasker.Emit(value, destination, out length);
        // A numeric(1) cannot hold ninety, and no value of it comes here.
        return mask.IsBinary ? WriteBinary(mask.Type, Oldest, destination, out length) : ValueMasker.Emit("90"u8, destination, out length);
    }

    /// <summary>A number without a fraction as it is; larger than any age or year where it has more than four digits. Negative and broken ones are not read.</summary>
    internal static bool TryRead(in ColumnMask mask, ReadOnlySpan<byte> value, out double age)
    {
        age = 0;
        if (mask.Type == MaskType.Numeric)
        {
            if (!NumericValue.TryRead(value, mask.IsBinary, out var number) || number.Sign != 0)
                return false;
            age = number.Highest > 0 ? double.MaxValue : number.Highest == 0 ? number[0] : 0;
            return true;
        }
        if (!mask.IsBinary)
            return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out age);
        if (value.Length != Redaction.BinaryLength(mask.Type))
            return false;
        age = mask.Type switch
        {
            MaskType.Int16 => BinaryPrimitives.ReadInt16BigEndian(value),
            MaskType.Int32 => BinaryPrimitives.ReadInt32BigEndian(value),
            MaskType.Int64 => BinaryPrimitives.ReadInt64BigEndian(value),
            MaskType.Float4 => BinaryPrimitives.ReadSingleBigEndian(value),
            _ => BinaryPrimitives.ReadDoubleBigEndian(value),
        };
        return true;
    }

    /// <summary>A small whole number in the type's binary form.</summary>
    internal static MaskResult WriteBinary(MaskType type, int whole, Span<byte> destination, out int length)
    {
        Span<byte> written = stackalloc byte[16];
        switch (type)
        {
            case MaskType.Float4:
                BinaryPrimitives.WriteSingleBigEndian(written, whole);
                break;
            case MaskType.Float8:
                BinaryPrimitives.WriteDoubleBigEndian(written, whole);
                break;
            case MaskType.Numeric:
                Span<byte> digits = stackalloc byte[12];
                whole.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
                NumericValue.TryRead(digits[..count], isBinary: false, out var number);
                return ValueMasker.Emit(written[..number.WriteBinary(written, displayScale: 0)], destination, out length);
            default:
                BinaryPrimitives.WriteInt64BigEndian(written, whole);
                var size = Redaction.BinaryLength(type);
                return ValueMasker.Emit(written.Slice(sizeof(long) - size, size), destination, out length);
        }
        return ValueMasker.Emit(written[..Redaction.BinaryLength(type)], destination, out length);
    }
}
