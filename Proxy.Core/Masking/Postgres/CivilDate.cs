namespace Proxy.Core.Masking.Postgres;

/// <summary>Days since 2000-01-01, PostgreSQL's day zero, and the proleptic Gregorian calendar (year 0 is 1 BC).</summary>
internal static class CivilDate
{
    // No date of a person lies here, so no token can happen to spell one; and clients that count nanoseconds in 64 bits (pandas) end in 2262.
    public const int FirstTokenDay = 36525; // 2100-01-01
    public const int TokenDays = 59169; // to 2261-12-31
    public const long MicrosecondsPerDay = 86_400_000_000;
    public const long MicrosecondsPerSecond = 1_000_000;

    private static readonly DateOnly DayZero = new(2000, 1, 1);

    private const int DaysPerEra = 146_097; // 400 years
    private const int DayZeroOfMarchCalendar = 730_425; // 2000-01-01 counted from 0000-03-01

    public static long ToDays(long year, int month, int day)
    {
        // Years that begin in March end with the leap day, so months have a closed form.
        if (month <= 2)
            year--;
        var era = (year >= 0 ? year : year - 399) / 400;
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        return (era * DaysPerEra) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - DayZeroOfMarchCalendar;
    }

    /// <summary>For the years 1 to 9999.</summary>
    public static (int Year, int Month, int Day) FromDays(int days)
    {
        var (year, month, day) = DateOnly.FromDayNumber(DayZero.DayNumber + days);
        return (year, month, day);
    }
}
