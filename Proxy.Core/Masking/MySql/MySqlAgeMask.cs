using System.Buffers.Binary;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>Ages up to 89 as they are; 90 stands for every higher one (45 CFR 164.514(b)(2)(i)(C)). What is no age is redacted.</summary>
internal static class MySqlAgeMask
{
    private const int Oldest = 90;

    public static MaskResult Write(in MySqlColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (!TryRead(mask, value, out var age) || !(age >= 0))
            return MaskResult.Invalid;
        if (age < Oldest)
            return ValueMasker.Emit(value, destination, out length);
        if (!mask.IsBinary || mask.Type is MySqlMaskType.Decimal)
            return ValueMasker.Emit("90"u8, destination, out length);
        Span<byte> written = stackalloc byte[sizeof(long)];
        switch (mask.Type)
        {
            case MySqlMaskType.Float:
                BinaryPrimitives.WriteSingleLittleEndian(written, Oldest);
                break;
            case MySqlMaskType.Double:
                BinaryPrimitives.WriteDoubleLittleEndian(written, Oldest);
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(written, Oldest);
                break;
        }
        return ValueMasker.Emit(written[..mask.Width], destination, out length);
    }

    private static bool TryRead(in MySqlColumnMask mask, ReadOnlySpan<byte> value, out double age)
    {
        switch (mask.Type)
        {
            case MySqlMaskType.Integer:
                var isNumber = MySqlIntegerMask.TryRead(mask, value, out var number, out var isHuge);
                age = isHuge ? double.MaxValue : number;
                return isNumber;
            case MySqlMaskType.Decimal:
                return double.TryParse(value, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out age);
            default:
                return MySqlFloatMask.TryRead(mask, value, out age);
        }
    }
}
