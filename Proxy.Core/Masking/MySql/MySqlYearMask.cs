using System.Buffers.Binary;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// The year of a date as a first of January, and a YEAR as it is (45 CFR 164.514(b)(2)(i)(C)). Years that tell an age over 89 are one. What the calendar
/// does not have is redacted.
/// </summary>
internal static class MySqlYearMask
{
    public static MaskResult Write(in MySqlColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (mask.AgeLimit is not { } limit)
            return MaskResult.Invalid;
        Span<byte> written = stackalloc byte[32];
        if (mask.Type is MySqlMaskType.Year)
        {
            if (!TryReadYear(mask.IsBinary, value, out var year) || year == 0)
                return MaskResult.Invalid;
            year = Math.Max(year, limit.OldestYear);
            if (mask.IsBinary)
                BinaryPrimitives.WriteUInt16LittleEndian(written, (ushort)year);
            else
                MySqlMoment.WriteDigits(year, written[..4]);
            return ValueMasker.Emit(written[..(mask.IsBinary ? sizeof(ushort) : 4)], destination, out length);
        }
        if (!MySqlMoment.TryRead(mask.IsBinary, value, out var moment) || !moment.TryDays(out _))
            return MaskResult.Invalid;
        // In some time zones the first of January 1970 is not a TIMESTAMP.
        var first = new MySqlMoment(Math.Max(moment.Year, limit.OldestYear), 1, mask.Type is MySqlMaskType.Timestamp && moment.Year <= 1970 ? 2 : 1);
        return ValueMasker.Emit(written[..first.Write(mask, written)], destination, out length);
    }

    private static bool TryReadYear(bool isBinary, ReadOnlySpan<byte> value, out int year)
    {
        year = 0;
        if (isBinary)
        {
            if (value.Length != sizeof(ushort))
                return false;
            year = BinaryPrimitives.ReadUInt16LittleEndian(value);
            return true;
        }
        return value.Length == 4 && System.Buffers.Text.Utf8Parser.TryParse(value, out year, out var consumed) && consumed == 4;
    }
}
