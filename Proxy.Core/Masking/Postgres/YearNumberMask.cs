using System.Globalization;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// A year that a statement computed from a date, as a number or a text of four digits (45 CFR 164.514(b)(2)(i)(C)). Years that tell an age over 89 are one.
/// What is no year of our era is redacted.
/// </summary>
internal static class YearNumberMask
{
    private const int YearMax = 9999;
    private const int TextDigits = 4;

    public static MaskResult Write(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (mask.AgeLimit is not { } limit || !TryRead(mask, value, out var year) || !(year is >= 1 and <= YearMax) || year != Math.Floor(year))
            return MaskResult.Invalid;
        var oldest = limit.OldestYear;
        if (year >= oldest)
            return ValueMasker.Emit(value, destination, out length);
        if (mask is { IsBinary: true, Type: not MaskType.Text })
            return AgeMask.WriteBinary(mask.Type, oldest, destination, out length);
        Span<byte> digits = stackalloc byte[12];
        oldest.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        return ValueMasker.Emit(digits[..count], destination, out length);
    }

    private static bool TryRead(in ColumnMask mask, ReadOnlySpan<byte> value, out double year)
    {
        year = 0;
        if (mask.Type is not MaskType.Text)
            return AgeMask.TryRead(mask, value, out year);
        if (value.Length != TextDigits || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        foreach (var digit in value)
            year = (year * 10) + (digit - '0');
        return true;
    }
}
