using System.Buffers.Binary;
using System.Buffers.Text;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// A DATE, DATETIME or TIMESTAMP as the server sends it: text <c>YYYY-MM-DD hh:mm:ss.ffffff</c>, or binary of 0, 4, 7 or 11 bytes of which those left out
/// are zero. Zero dates and dates with a zero month or day are values, too.
/// </summary>
internal readonly record struct MySqlMoment(int Year, int Month, int Day, int Hour = 0, int Minute = 0, int Second = 0, int Microsecond = 0)
{
    private const int DateChars = 10;
    private const int TimeChars = 8;
    private const int FractionDigits = 6;
    private const int DateBytes = 4;
    private const int SecondBytes = 7;
    private const int FractionBytes = 11;

    public static MySqlMoment OfDays(int days)
    {
        var (year, month, day) = CivilDate.FromDays(days);
        return new MySqlMoment(year, month, day);
    }

    /// <summary>Days since 2000-01-01; false for a date that the calendar does not have.</summary>
    public bool TryDays(out int days)
    {
        days = 0;
        if (Year is < 1 or > 9999 || Month is < 1 or > 12 || Day < 1 || Day > DateTime.DaysInMonth(Year, Month))
            return false;
        days = (int)CivilDate.ToDays(Year, Month, Day);
        return true;
    }

    public long MicrosecondsOfDay => ((((((Hour * 60L) + Minute) * 60) + Second) * CivilDate.MicrosecondsPerSecond) + Microsecond);

    public static bool TryRead(bool isBinary, ReadOnlySpan<byte> value, out MySqlMoment moment) =>
        isBinary ? TryReadBinary(value, out moment) : TryReadText(value, out moment);

    /// <summary>In the form and with the digits of the second that the column has. Returns the length.</summary>
    public int Write(in MySqlColumnMask mask, Span<byte> destination)
    {
        var hasTime = mask.Type is not MySqlMaskType.Date;
        return mask.IsBinary ? WriteBinary(hasTime, destination) : WriteText(hasTime, mask.Scale, destination);
    }

    private static bool TryReadBinary(ReadOnlySpan<byte> value, out MySqlMoment moment)
    {
        moment = default;
        if (value.Length is not (0 or DateBytes or SecondBytes or FractionBytes))
            return false;
        if (value.Length >= DateBytes)
            moment = new MySqlMoment(BinaryPrimitives.ReadUInt16LittleEndian(value), value[2], value[3]);
        if (value.Length >= SecondBytes)
            moment = moment with { Hour = value[4], Minute = value[5], Second = value[6] };
        if (value.Length == FractionBytes)
            moment = moment with { Microsecond = BinaryPrimitives.ReadInt32LittleEndian(value[SecondBytes..]) };
        return moment is { Hour: < 24, Minute: < 60, Second: < 60, Microsecond: >= 0 and < 1_000_000 };
    }

    private static bool TryReadText(ReadOnlySpan<byte> value, out MySqlMoment moment)
    {
        moment = default;
        if (value.Length < DateChars || value[4] != (byte)'-' || value[7] != (byte)'-'
            || !TryReadDigits(value[..4], out var year) || !TryReadDigits(value[5..7], out var month) || !TryReadDigits(value[8..10], out var day))
            return false;
        moment = new MySqlMoment(year, month, day);
        value = value[DateChars..];
        if (value.IsEmpty)
            return true;
        if (value[0] != (byte)' ' || !TryReadTime(value[1..], out var hour, out var minute, out var second, out var microsecond) || hour >= 24)
            return false;
        moment = moment with { Hour = hour, Minute = minute, Second = second, Microsecond = microsecond };
        return true;
    }

    /// <summary><c>hh:mm:ss</c> with a fraction or without; more than two digits for the hours of a TIME.</summary>
    public static bool TryReadTime(ReadOnlySpan<byte> text, out int hour, out int minute, out int second, out int microsecond)
    {
        hour = minute = second = microsecond = 0;
        var colon = text.IndexOf((byte)':');
        if (colon is < 2 or > 3 || text.Length < colon + 6 || text[colon + 3] != (byte)':'
            || !TryReadDigits(text[..colon], out hour) || !TryReadDigits(text.Slice(colon + 1, 2), out minute) || !TryReadDigits(text.Slice(colon + 4, 2), out second)
            || minute >= 60 || second >= 60)
            return false;
        var fraction = text[(colon + 6)..];
        if (fraction.IsEmpty)
            return true;
        if (fraction[0] != (byte)'.' || fraction.Length is < 2 or > 1 + FractionDigits || !TryReadDigits(fraction[1..], out microsecond))
            return false;
        for (var digits = fraction.Length - 1; digits < FractionDigits; digits++)
            microsecond *= 10;
        return true;
    }

    /// <summary>Digits of the second's fraction behind a point, as many as the column has; none for zero.</summary>
    public static int WriteFraction(int microsecond, int digits, Span<byte> destination)
    {
        if (digits <= 0)
            return 0;
        Span<byte> all = stackalloc byte[FractionDigits];
        WriteDigits(microsecond, all);
        destination[0] = (byte)'.';
        all[..digits].CopyTo(destination[1..]);
        return 1 + digits;
    }

    public static void WriteDigits(int number, Span<byte> destination)
    {
        for (var i = destination.Length - 1; i >= 0; i--, number /= 10)
            destination[i] = (byte)('0' + (number % 10));
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        return !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(digits, out number, out _);
    }

    private int WriteBinary(bool hasTime, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)Year);
        destination[2] = (byte)Month;
        destination[3] = (byte)Day;
        // The server leaves a time of zeros out, too.
        if (!hasTime || MicrosecondsOfDay == 0)
            return DateBytes;
        destination[4] = (byte)Hour;
        destination[5] = (byte)Minute;
        destination[6] = (byte)Second;
        if (Microsecond == 0)
            return SecondBytes;
        BinaryPrimitives.WriteInt32LittleEndian(destination[SecondBytes..], Microsecond);
        return FractionBytes;
    }

    private int WriteText(bool hasTime, int fractionDigits, Span<byte> destination)
    {
        WriteDigits(Year, destination[..4]);
        destination[4] = destination[7] = (byte)'-';
        WriteDigits(Month, destination[5..7]);
        WriteDigits(Day, destination[8..10]);
        if (!hasTime)
            return DateChars;
        destination[DateChars] = (byte)' ';
        var time = destination[(DateChars + 1)..];
        WriteDigits(Hour, time[..2]);
        time[2] = time[5] = (byte)':';
        WriteDigits(Minute, time[3..5]);
        WriteDigits(Second, time[6..8]);
        return DateChars + 1 + TimeChars + WriteFraction(Microsecond, fractionDigits, time[TimeChars..]);
    }
}
