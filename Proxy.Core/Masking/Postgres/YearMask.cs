using System.Buffers.Binary;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// The year of a date or timestamp as a first of January (45 CFR 164.514(b)(2)(i)(C)). Years that tell an age over 89 are one. A timestamp with a
/// zone is the year in UTC, shown as noon in UTC: in every zone that is the first or second of January of that year. Infinity and years beyond
/// 9999 are redacted.
/// </summary>
internal static class YearMask
{
    private const int YearMax = 9999;
    private const long Noon = CivilDate.MicrosecondsPerDay / 2;

    /// <summary>How far a zone can be ahead of UTC: what is midnight there is the same day in UTC that much later, and in every zone behind.</summary>
    private const long Ahead = 14 * CivilDate.MicrosecondsPerDay / 24;

    public static MaskResult Write(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length) =>
        Write(mask, value, shift: 0, destination, out length);

    /// <summary>Of what date_trunc('year', …) gave: with a zone, midnight of a first of January there.</summary>
    public static MaskResult WriteTruncated(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length) =>
        Write(mask, value, mask.Type == MaskType.TimestampTz ? Ahead : 0, destination, out length);

    private static MaskResult Write(in ColumnMask mask, ReadOnlySpan<byte> value, long shift, Span<byte> destination, out int length)
    {
        length = 0;
        if (mask.AgeLimit is not { } limit || !TryReadDay(mask, value, shift, out var day) || day < CivilDate.ToDays(1, 1, 1) || day > CivilDate.ToDays(YearMax, 12, 31))
            return MaskResult.Invalid;
        var first = (int)CivilDate.ToDays(Math.Max(CivilDate.FromDays((int)day).Year, limit.OldestYear), 1, 1);
        var instant = (first * CivilDate.MicrosecondsPerDay) + (mask.Type == MaskType.TimestampTz ? Noon : 0);

        Span<byte> written = stackalloc byte[40];
        if (mask.IsBinary)
        {
            var size = Redaction.BinaryLength(mask.Type);
            if (mask.Type == MaskType.Date)
                BinaryPrimitives.WriteInt32BigEndian(written, first);
            else
                BinaryPrimitives.WriteInt64BigEndian(written, instant);
            return ValueMasker.Emit(written[..size], destination, out length);
        }
        var writer = new DateTimeWriter(written, mask.DateStyle);
        if (mask.Type == MaskType.Date)
            writer.WriteDate(first);
        else
            writer.WriteTimestamp(instant, mask.Type == MaskType.TimestampTz);
        return ValueMasker.Emit(written[..writer.Length], destination, out length);
    }

    /// <summary>Days since 2000-01-01, of a timestamp in UTC.</summary>
    private static bool TryReadDay(in ColumnMask mask, ReadOnlySpan<byte> value, long shift, out long day)
    {
        day = 0;
        if (mask.IsBinary && value.Length != Redaction.BinaryLength(mask.Type))
            return false;
        if (!mask.IsBinary && mask.DateStyle == DateStyle.Unknown)
            return false;
        if (mask.Type == MaskType.Date)
        {
            if (mask.IsBinary)
                day = BinaryPrimitives.ReadInt32BigEndian(value);
            else if (!new DateTimeReader(value, mask.DateStyle).TryReadDate(out var days))
                return false;
            else
                day = days;
            return true;
        }
        long instant;
        if (mask.IsBinary)
            instant = BinaryPrimitives.ReadInt64BigEndian(value);
        else if (!new DateTimeReader(value, mask.DateStyle).TryReadTimestamp(mask.Type == MaskType.TimestampTz, out instant))
            return false;
        // Infinity stays what it is.
        if (instant is > long.MinValue and < long.MaxValue - Ahead)
            instant += shift;
        day = Math.DivRem(instant, CivilDate.MicrosecondsPerDay, out var time);
        if (time < 0)
            day--;
        return true;
    }
}
