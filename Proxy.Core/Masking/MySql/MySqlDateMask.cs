using System.Runtime.Intrinsics;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// Tokens of DATE and DATETIME: moments of 2100 to 2261, the same as PostgreSQL's for the same value. Those of TIMESTAMP, which ends in January 2038, are
/// seconds of that month's first seventeen days; its text depends on the session's time zone, and so do its tokens.
/// </summary>
internal static class MySqlDateMask
{
    private static readonly int FirstTimestampDay = (int)CivilDate.ToDays(2038, 1, 1);
    private const int TimestampDays = 17;

    public static MaskResult Write(in MySqlColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (!MySqlMoment.TryRead(mask.IsBinary, value, out var moment))
            return MaskResult.Invalid;
        var random = Random(mask, domain, moment);
        var token = mask.Type switch
        {
            MySqlMaskType.Date => Day(random, moment),
            MySqlMaskType.Timestamp => Moment(mask, random, moment, FirstTimestampDay, TimestampDays),
            _ => Moment(mask, random, moment, CivilDate.FirstTokenDay, CivilDate.TokenDays),
        };
        Span<byte> written = stackalloc byte[32];
        return ValueMasker.Emit(written[..token.Write(mask, written)], destination, out length);
    }

    private static ulong Random(in MySqlColumnMask mask, KeyDomain domain, in MySqlMoment moment)
    {
        var tag = mask.Type is MySqlMaskType.Date ? ValueTag.Date : ValueTag.Timestamp;
        if (moment.TryDays(out var days))
            return Cmac.Of(domain, tag, mask.Type is MySqlMaskType.Date ? days : (days * CivilDate.MicrosecondsPerDay) + moment.MicrosecondsOfDay).AsUInt64()[0];
        // A date that the calendar does not have: its parts, in a message of another length.
        var cmac = new Cmac(domain, tag);
        cmac.Append((short)moment.Year);
        cmac.Append((byte)moment.Month);
        cmac.Append((byte)moment.Day);
        cmac.Append(moment.MicrosecondsOfDay);
        return cmac.Finish().AsUInt64()[0];
    }

    private static MySqlMoment Day(ulong random, in MySqlMoment moment)
    {
        var index = (int)Math.BigMul(random, CivilDate.TokenDays, out _);
        var token = MySqlMoment.OfDays(CivilDate.FirstTokenDay + index);
        return token == moment ? MySqlMoment.OfDays(CivilDate.FirstTokenDay + ((index + 1) % CivilDate.TokenDays)) : token;
    }

    private static MySqlMoment Moment(in MySqlColumnMask mask, ulong random, in MySqlMoment moment, int firstDay, int days)
    {
        var offset = MySqlTimeMask.Cut(mask.Scale, (long)Math.BigMul(random, (ulong)(days * CivilDate.MicrosecondsPerDay), out _));
        var token = At(firstDay, offset);
        return token == moment ? At(firstDay, offset < CivilDate.MicrosecondsPerSecond ? offset + CivilDate.MicrosecondsPerSecond : offset - CivilDate.MicrosecondsPerSecond) : token;
    }

    private static MySqlMoment At(int firstDay, long microseconds)
    {
        var (days, time) = Math.DivRem(microseconds, CivilDate.MicrosecondsPerDay);
        var (seconds, fraction) = Math.DivRem(time, CivilDate.MicrosecondsPerSecond);
        return MySqlMoment.OfDays(firstDay + (int)days)
            with
        { Hour = (int)(seconds / 3600), Minute = (int)(seconds / 60 % 60), Second = (int)(seconds % 60), Microsecond = (int)fraction };
    }
}
