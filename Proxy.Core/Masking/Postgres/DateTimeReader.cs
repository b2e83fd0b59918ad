namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Reads dates and times as the server writes them in text. Under the styles that are not ISO a zone is an abbreviation, whose offset depends on
/// the server's tables: only UTC, GMT and numbers are read, anything else is no value.
/// </summary>
internal ref struct DateTimeReader(ReadOnlySpan<byte> text, DateStyle style)
{
    private ReadOnlySpan<byte> _rest = text;

    private static ReadOnlySpan<byte> MonthNames => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    private readonly bool IsDayFirst => style is DateStyle.SqlDayFirst or DateStyle.PostgresDayFirst or DateStyle.German;

    /// <summary>The whole text as a date: days since 2000-01-01; infinities are the ends of int, as in binary.</summary>
    public bool TryReadDate(out int days)
    {
        days = 0;
        if (TryReadInfinity(out var isPositive))
        {
            days = isPositive ? int.MaxValue : int.MinValue;
            return true;
        }
        if (!TryDate(out var year, out var month, out var day) || !TryEra(ref year) || !_rest.IsEmpty)
            return false;
        days = (int)CivilDate.ToDays(year, month, day);
        return true;
    }

    /// <summary>The whole text as a timestamp: microseconds since 2000-01-01 (UTC when it has a zone); infinities are the ends of long.</summary>
    public bool TryReadTimestamp(bool withZone, out long microseconds)
    {
        microseconds = 0;
        if (TryReadInfinity(out var isPositive))
        {
            microseconds = isPositive ? long.MaxValue : long.MinValue;
            return true;
        }
        var isPostgres = style is DateStyle.PostgresMonthFirst or DateStyle.PostgresDayFirst;
        if (!(isPostgres
                ? TryPostgresTimestamp(out var year, out var month, out var day, out var time)
                : TryDate(out year, out month, out day) & TryByte((byte)' ') & TryTime(out time)))
            return false;
        var eastSeconds = 0;
        if ((withZone && !TryZone(out eastSeconds)) || !TryEra(ref year) || !_rest.IsEmpty)
            return false;
        microseconds = (CivilDate.ToDays(year, month, day) * CivilDate.MicrosecondsPerDay) + time
            - (eastSeconds * CivilDate.MicrosecondsPerSecond);
        return true;
    }

    /// <summary>The whole text as a time of day, with its zone in seconds west as in binary.</summary>
    public bool TryReadTime(bool withZone, out long microseconds, out int westSeconds)
    {
        westSeconds = 0;
        if (!TryTime(out microseconds))
            return false;
        if (withZone)
        {
            if (!TryZone(out var eastSeconds))
                return false;
            westSeconds = -eastSeconds;
        }
        return _rest.IsEmpty;
    }

    private readonly bool TryReadInfinity(out bool isPositive)
    {
        isPositive = _rest.SequenceEqual("infinity"u8);
        return isPositive || _rest.SequenceEqual("-infinity"u8);
    }

    private bool TryDate(out long year, out int month, out int day)
    {
        month = 0;
        day = 0;
        if (style == DateStyle.Iso && _rest is [_, _, _, _, (byte)'-', _, _, (byte)'-', _, _, ..]
            && AreTwo(_rest, 0, out var century) && AreTwo(_rest, 2, out var yearOfCentury) && AreTwo(_rest, 5, out month) && AreTwo(_rest, 8, out day))
        {
            year = (century * 100) + yearOfCentury;
            _rest = _rest[10..];
            return IsDay(month, day);
        }
        if (style == DateStyle.Iso)
            return TryYear(out year) && TryByte((byte)'-') && TryTwo(out month) && TryByte((byte)'-') && TryTwo(out day) && IsDay(month, day);
        year = 0;
        var separator = style switch
        {
            DateStyle.German => (byte)'.',
            DateStyle.SqlMonthFirst or DateStyle.SqlDayFirst => (byte)'/',
            _ => (byte)'-',
        };
        if (!(TryTwo(out var first) && TryByte(separator) && TryTwo(out var second) && TryByte(separator) && TryYear(out year)))
            return false;
        (month, day) = IsDayFirst ? (second, first) : (first, second);
        return IsDay(month, day);
    }

    /// <summary>Wed Dec 17 07:37:16 1997, or with the day first.</summary>
    private bool TryPostgresTimestamp(out long year, out int month, out int day, out long time)
    {
        year = 0;
        month = 0;
        time = 0;
        day = 0;
        if (_rest.Length < 4)
            return false;
        _rest = _rest[3..];
        if (!TryByte((byte)' '))
            return false;
        var hasDate = IsDayFirst
            ? TryTwo(out day) && TryByte((byte)' ') && TryMonthName(out month)
            : TryMonthName(out month) && TryByte((byte)' ') && TryTwo(out day);
        return hasDate && IsDay(month, day) && TryByte((byte)' ') && TryTime(out time) && TryByte((byte)' ') && TryYear(out year);
    }

    private bool TryTime(out long microseconds)
    {
        microseconds = 0;
        if (!(TryTwo(out var hours) && TryByte((byte)':') && TryTwo(out var minutes) && TryByte((byte)':') && TryTwo(out var seconds)))
            return false;
        if (hours > 24 || minutes > 59 || seconds > 60)
            return false;
        microseconds = ((((hours * 60L) + minutes) * 60) + seconds) * CivilDate.MicrosecondsPerSecond;
        if (!TryByte((byte)'.'))
            return true;
        var unit = 100_000;
        while (unit > 0 && TryDigit(out var digit))
        {
            microseconds += digit * unit;
            unit /= 10;
        }
        return unit < 100_000;
    }

    /// <summary>+05, +05:30, +05:30:15, +0530, UTC or GMT, perhaps after a blank; seconds east of UTC.</summary>
    private bool TryZone(out int eastSeconds)
    {
        eastSeconds = 0;
        TryByte((byte)' ');
        if (_rest.StartsWith("UTC"u8) || _rest.StartsWith("GMT"u8))
        {
            _rest = _rest[3..];
            return true;
        }
        var isWest = TryByte((byte)'-');
        if (!isWest && !TryByte((byte)'+'))
            return false;
        if (!TryTwo(out var hours))
            return false;
        var minutes = 0;
        var seconds = 0;
        if (TryByte((byte)':'))
        {
            if (!TryTwo(out minutes) || (TryByte((byte)':') && !TryTwo(out seconds)))
                return false;
        }
        else if (_rest is [>= (byte)'0' and <= (byte)'9', ..] && !TryTwo(out minutes))
        {
            return false;
        }
        eastSeconds = (((hours * 60) + minutes) * 60) + seconds;
        if (isWest)
            eastSeconds = -eastSeconds;
        return true;
    }

    private bool TryEra(ref long year)
    {
        if (year < 1)
            return false;
        if (!_rest.SequenceEqual(" BC"u8))
            return true;
        _rest = [];
        year = 1 - year;
        return true;
    }

    private bool TryMonthName(out int month)
    {
        month = 0;
        if (_rest.Length < 3)
            return false;
        var at = MonthNames.IndexOf(_rest[..3]);
        if (at < 0 || at % 3 != 0)
            return false;
        month = (at / 3) + 1;
        _rest = _rest[3..];
        return true;
    }

    /// <summary>Four to seven digits: the calendar ends in the year 5874897.</summary>
    private bool TryYear(out long year)
    {
        year = 0;
        var count = 0;
        for (; count < 7 && TryDigit(out var digit); count++)
            year = (year * 10) + digit;
        return count >= 4;
    }

    private bool TryTwo(out int number)
    {
        if (_rest.Length < 2)
        {
            number = 0;
            return false;
        }
        if (!AreTwo(_rest, 0, out number))
            return false;
        _rest = _rest[2..];
        return true;
    }

    private static bool AreTwo(ReadOnlySpan<byte> text, int at, out int number)
    {
        var tens = (uint)(text[at] - '0');
        var ones = (uint)(text[at + 1] - '0');
        number = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9;
    }

    private bool TryDigit(out int digit)
    {
        digit = 0;
        if (_rest is not [>= (byte)'0' and <= (byte)'9', ..])
            return false;
        digit = _rest[0] - '0';
        _rest = _rest[1..];
        return true;
    }

    private bool TryByte(byte expected)
    {
        if (_rest.IsEmpty || _rest[0] != expected)
            return false;
        _rest = _rest[1..];
        return true;
    }

    private static bool IsDay(int month, int day) => month is >= 1 and <= 12 && day is >= 1 and <= 31;
}
