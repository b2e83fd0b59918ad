namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Reads intervals in the four output styles of the server (EncodeInterval in src/backend/utils/adt/datetime.c): postgres
/// <c>1 year 2 mons -3 days +04:05:06.7</c>, postgres_verbose <c>@ 1 year 4 hours 5.7 secs ago</c>, sql_standard <c>+1-2 -3 +4:05:06.7</c>, and
/// iso_8601 <c>P1Y2M-3DT4H5M6.7S</c>.
/// </summary>
internal static class IntervalReader
{
    private const long MicrosecondsPerMinute = 60 * CivilDate.MicrosecondsPerSecond;
    private const long MicrosecondsPerHour = 60 * MicrosecondsPerMinute;

    public static bool TryRead(ReadOnlySpan<byte> text, out long months, out long days, out long microseconds)
    {
        if (text.SequenceEqual("infinity"u8) || text.SequenceEqual("-infinity"u8))
        {
            // Since version 17: the ends of all three fields.
            var isPositive = text[0] == (byte)'i';
            (months, days, microseconds) = isPositive
                ? ((long)int.MaxValue, int.MaxValue, long.MaxValue)
                : (int.MinValue, int.MinValue, long.MinValue);
            return true;
        }
        return text is [(byte)'P', ..]
            ? TryReadIso(text[1..], out months, out days, out microseconds)
            : TryReadWords(text, out months, out days, out microseconds);
    }

    private static bool TryReadIso(ReadOnlySpan<byte> text, out long months, out long days, out long microseconds)
    {
        months = days = microseconds = 0;
        var inTime = false;
        while (!text.IsEmpty)
        {
            if (text[0] == (byte)'T')
            {
                inTime = true;
                text = text[1..];
                continue;
            }
            if (!TryNumber(ref text, out var number) || text.IsEmpty)
                return false;
            var unit = text[0];
            text = text[1..];
            switch (unit)
            {
                case (byte)'Y':
                    months += 12 * number.Whole;
                    break;
                case (byte)'M' when !inTime:
                    months += number.Whole;
                    break;
                case (byte)'D':
                    days += number.Whole;
                    break;
                case (byte)'H':
                    microseconds += number.Whole * MicrosecondsPerHour;
                    break;
                case (byte)'M':
                    microseconds += number.Whole * MicrosecondsPerMinute;
                    break;
                case (byte)'S':
                    microseconds += number.Microseconds;
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    private static bool TryReadWords(ReadOnlySpan<byte> text, out long months, out long days, out long microseconds)
    {
        months = days = microseconds = 0;
        if (text.StartsWith("@ "u8))
            text = text[2..];
        if (text.IsEmpty)
            return false;
        // sql_standard writes one sign for all fields when they agree.
        var impliedSign = 1;
        while (!text.IsEmpty)
        {
            if (text.SequenceEqual("ago"u8))
            {
                (months, days, microseconds) = (-months, -days, -microseconds);
                return true;
            }
            var isSigned = text[0] is (byte)'-' or (byte)'+';
            if (!TryNumber(ref text, out var number))
                return false;
            var sign = isSigned ? 1 : impliedSign;
            if (text is [(byte)':', ..])
            {
                if (!TryClock(ref text, number, sign, out var clock))
                    return false;
                microseconds += clock;
            }
            else if (text is [(byte)'-', ..])
            {
                text = text[1..];
                if (!TryNumber(ref text, out var monthPart))
                    return false;
                months += (12 * number.Whole) + (number.IsNegative ? -monthPart.Whole : monthPart.Whole);
                impliedSign = number.IsNegative ? -1 : 1;
            }
            else if (text is [(byte)' ', >= (byte)'a' and <= (byte)'z', ..])
            {
                text = text[1..];
                if (!TryUnit(ref text, number, ref months, ref days, ref microseconds))
                    return false;
            }
            else
            {
                days += sign * number.Whole;
                impliedSign = number.IsNegative ? -1 : impliedSign;
            }
            if (text.IsEmpty)
                return true;
            if (text[0] != (byte)' ')
                return false;
            text = text[1..];
        }
        return false;
    }

    private static bool TryUnit(ref ReadOnlySpan<byte> text, in Number number, ref long months, ref long days, ref long microseconds)
    {
        var end = text.IndexOf((byte)' ');
        var unit = end < 0 ? text : text[..end];
        text = text[unit.Length..];
        if (unit[^1] == (byte)'s')
            unit = unit[..^1];
        if (unit.SequenceEqual("year"u8))
            months += 12 * number.Whole;
        else if (unit.SequenceEqual("mon"u8))
            months += number.Whole;
        else if (unit.SequenceEqual("day"u8))
            days += number.Whole;
        else if (unit.SequenceEqual("hour"u8))
            microseconds += number.Whole * MicrosecondsPerHour;
        else if (unit.SequenceEqual("min"u8))
            microseconds += number.Whole * MicrosecondsPerMinute;
        else if (unit.SequenceEqual("sec"u8))
            microseconds += number.Microseconds;
        else
            return false;
        return true;
    }

    /// <summary>:MM:SS[.f] behind the hours, whose sign is that of the whole.</summary>
    private static bool TryClock(ref ReadOnlySpan<byte> text, in Number hours, int sign, out long microseconds)
    {
        microseconds = 0;
        text = text[1..];
        if (!TryNumber(ref text, out var minutes) || text is not [(byte)':', ..])
            return false;
        text = text[1..];
        if (!TryNumber(ref text, out var seconds))
            return false;
        microseconds = (Math.Abs(hours.Whole) * MicrosecondsPerHour) + (minutes.Whole * MicrosecondsPerMinute) + seconds.Microseconds;
        if (hours.IsNegative || sign < 0)
            microseconds = -microseconds;
        return true;
    }

    /// <summary>[+-]digits[.digits]; at most 12 digits before the point, more than any field has.</summary>
    private static bool TryNumber(ref ReadOnlySpan<byte> text, out Number number)
    {
        number = default;
        var isNegative = text is [(byte)'-', ..];
        if (isNegative || text is [(byte)'+', ..])
            text = text[1..];
        var count = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (count < 0)
            count = text.Length;
        if (count is 0 or > 12)
            return false;
        var whole = 0L;
        foreach (var digit in text[..count])
            whole = (whole * 10) + digit - '0';
        text = text[count..];
        var fraction = 0L;
        if (text is [(byte)'.', ..])
        {
            text = text[1..];
            var unit = 100_000L;
            while (text is [>= (byte)'0' and <= (byte)'9', ..])
            {
                fraction += (text[0] - '0') * unit;
                unit /= 10;
                text = text[1..];
            }
        }
        number = new Number(isNegative, isNegative ? -whole : whole, isNegative ? -fraction : fraction);
        return true;
    }

    private readonly record struct Number(bool IsNegative, long Whole, long Fraction)
    {
        public long Microseconds => (Whole * CivilDate.MicrosecondsPerSecond) + Fraction;
    }
}
