using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// Tokens of TIME, which is a duration of up to 838 hours: a time of day. Text <c>-hhh:mm:ss.ffffff</c>, binary 0, 8 or 12 bytes (sign, days, hours,
/// minutes, seconds, microseconds).
/// </summary>
internal static class MySqlTimeMask
{
    private const int SecondBytes = 8;
    private const int FractionBytes = 12;

    public static MaskResult Write(in MySqlColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (!(mask.IsBinary ? TryReadBinary(value, out var time) : TryReadText(value, out time)))
            return MaskResult.Invalid;
        // As PostgreSQL's time: the value, and a zone that it does not have.
        var cmac = new Cmac(domain, ValueTag.Time);
        cmac.Append(time);
        cmac.Append(0L);
        var token = Cut(mask.Scale, (long)Math.BigMul(cmac.Finish().AsUInt64()[0], CivilDate.MicrosecondsPerDay, out _));
        if (token == time)
            token = (token + CivilDate.MicrosecondsPerSecond) % CivilDate.MicrosecondsPerDay;
        Span<byte> written = stackalloc byte[24];
        return ValueMasker.Emit(written[..WriteTime(mask, token, written)], destination, out length);
    }

    /// <summary>Drops the digits of the second that a column of so many does not keep.</summary>
    public static long Cut(int digits, long microseconds)
    {
        var unit = CivilDate.MicrosecondsPerSecond;
        for (; digits > 0; digits--)
            unit /= 10;
        return microseconds - (microseconds % Math.Max(1, unit));
    }

    /// <summary>A time of day, in the column's form. Returns the length.</summary>
    public static int WriteTime(in MySqlColumnMask mask, long microseconds, Span<byte> destination)
    {
        var (seconds, fraction) = Math.DivRem(microseconds, CivilDate.MicrosecondsPerSecond);
        var (hour, minute, second) = ((int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
        if (!mask.IsBinary)
        {
            MySqlMoment.WriteDigits(hour, destination[..2]);
            destination[2] = destination[5] = (byte)':';
            MySqlMoment.WriteDigits(minute, destination[3..5]);
            MySqlMoment.WriteDigits(second, destination[6..8]);
            return 8 + MySqlMoment.WriteFraction((int)fraction, mask.Scale, destination[8..]);
        }
        if (microseconds == 0)
            return 0;
        destination[..5].Clear(); // positive, and less than a day
        destination[5] = (byte)hour;
        destination[6] = (byte)minute;
        destination[7] = (byte)second;
        if (fraction == 0)
            return SecondBytes;
        BinaryPrimitives.WriteInt32LittleEndian(destination[SecondBytes..], (int)fraction);
        return FractionBytes;
    }

    private static bool TryReadText(ReadOnlySpan<byte> value, out long time)
    {
        time = 0;
        var isNegative = value is [(byte)'-', ..];
        if (!MySqlMoment.TryReadTime(isNegative ? value[1..] : value, out var hour, out var minute, out var second, out var microsecond))
            return false;
        time = Signed(isNegative, hour, minute, second, microsecond);
        return true;
    }

    private static bool TryReadBinary(ReadOnlySpan<byte> value, out long time)
    {
        time = 0;
        if (value.Length is not (0 or SecondBytes or FractionBytes))
            return false;
        if (value.IsEmpty)
            return true;
        var days = BinaryPrimitives.ReadUInt32LittleEndian(value[1..]);
        var microsecond = value.Length == FractionBytes ? BinaryPrimitives.ReadUInt32LittleEndian(value[SecondBytes..]) : 0;
        if (value[0] > 1 || days > 100 || value[5] >= 24 || value[6] >= 60 || value[7] >= 60 || microsecond >= CivilDate.MicrosecondsPerSecond)
            return false;
        time = Signed(value[0] == 1, ((int)days * 24) + value[5], value[6], value[7], (int)microsecond);
        return true;
    }

    private static long Signed(bool isNegative, int hour, int minute, int second, int microsecond)
    {
        var time = (((((hour * 60L) + minute) * 60) + second) * CivilDate.MicrosecondsPerSecond) + microsecond;
        return isNegative ? -time : time;
    }
}
