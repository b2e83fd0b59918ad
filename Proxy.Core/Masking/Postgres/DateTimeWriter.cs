namespace Proxy.Core.Masking.Postgres;

/// <summary>Writes dates and times of the years 1 to 9999 as the server's DateStyle does, in UTC.</summary>
internal ref struct DateTimeWriter(Span<byte> destination, DateStyle style)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    private static ReadOnlySpan<byte> MonthNames => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    // 2000-01-01 was a Saturday.
    private static ReadOnlySpan<byte> DayNames => "SatSunMonTueWedThuFri"u8;

    public void WriteDate(int days)
    {
        var (year, month, day) = CivilDate.FromDays(days);
        switch (style)
        {
            case DateStyle.Iso:
                var iso = _destination.Slice(Length, 10);
                Length += 10;
                SetTwo(iso, 0, year / 100);
                SetTwo(iso, 2, year % 100);
                iso[4] = (byte)'-';
                SetTwo(iso, 5, month);
                iso[7] = (byte)'-';
                SetTwo(iso, 8, day);
                return;
            case DateStyle.SqlDayFirst or DateStyle.PostgresDayFirst or DateStyle.German:
                WriteTwo(day);
                WriteSeparated(Separator, month, Separator);
                break;
            default:
                WriteTwo(month);
                WriteSeparated(Separator, day, Separator);
                break;
        }
        WriteYear(year);
    }

    public void WriteTimestamp(long microseconds, bool withZone)
    {
        var days = (int)Math.DivRem(microseconds, CivilDate.MicrosecondsPerDay, out var time);
        if (time < 0)
        {
            days--;
            time += CivilDate.MicrosecondsPerDay;
        }
        if (style is DateStyle.PostgresMonthFirst or DateStyle.PostgresDayFirst)
        {
            WritePostgresTimestamp(days, time);
        }
        else
        {
            WriteDate(days);
            WriteByte((byte)' ');
            WriteTime(time);
        }
        if (withZone)
            Write(style == DateStyle.Iso ? "+00"u8 : " UTC"u8);
    }

    /// <summary>HH:MM:SS and the fraction without trailing zeros; hours may be more than two digits (intervals).</summary>
    public void WriteTime(long microseconds)
    {
        var seconds = Math.DivRem(microseconds, CivilDate.MicrosecondsPerSecond, out var fraction);
        var hours = (int)(seconds / 3600);
        if (hours < 100)
        {
            WriteTwo(hours);
        }
        else
        {
            System.Buffers.Text.Utf8Formatter.TryFormat(hours, _destination[Length..], out var written);
            Length += written;
        }
        WriteSeparated((byte)':', (int)(seconds / 60 % 60), (byte)':', (int)(seconds % 60));
        if (fraction == 0)
            return;
        WriteByte((byte)'.');
        for (var unit = 100_000L; fraction > 0; unit /= 10)
        {
            WriteByte((byte)('0' + (fraction / unit)));
            fraction %= unit;
        }
    }

    public void Write(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_destination[Length..]);
        Length += text.Length;
    }

    private readonly byte Separator => style switch
    {
        DateStyle.German => (byte)'.',
        DateStyle.SqlDayFirst or DateStyle.SqlMonthFirst => (byte)'/',
        _ => (byte)'-',
    };

    private void WritePostgresTimestamp(int days, long time)
    {
        var (year, month, day) = CivilDate.FromDays(days);
        var weekday = ((days % 7) + 7) % 7;
        Write(DayNames.Slice(3 * weekday, 3));
        WriteByte((byte)' ');
        if (style == DateStyle.PostgresDayFirst)
        {
            WriteTwo(day);
            WriteByte((byte)' ');
            Write(MonthNames.Slice(3 * (month - 1), 3));
        }
        else
        {
            Write(MonthNames.Slice(3 * (month - 1), 3));
            WriteByte((byte)' ');
            WriteTwo(day);
        }
        WriteByte((byte)' ');
        WriteTime(time);
        WriteByte((byte)' ');
        WriteYear(year);
    }

    private void WriteYear(int year)
    {
        WriteTwo(year / 100);
        WriteTwo(year % 100);
    }

    private void WriteSeparated(byte before, int first, byte between, int second)
    {
        WriteSeparated(before, first, between);
        WriteTwo(second);
    }

    private void WriteSeparated(byte before, int number, byte after)
    {
        WriteByte(before);
        WriteTwo(number);
        WriteByte(after);
    }

    private void WriteTwo(int number)
    {
        SetTwo(_destination, Length, number);
        Length += 2;
    }

    private static void SetTwo(Span<byte> destination, int at, int number)
    {
        destination[at + 1] = (byte)('0' + ((uint)number % 10));
        destination[at] = (byte)('0' + ((uint)number / 10));
    }

    private void WriteByte(byte value) => _destination[Length++] = value;
}
