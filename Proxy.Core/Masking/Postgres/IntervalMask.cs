using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Tokens of intervals: hours, minutes and seconds up to a thousand days, written as every IntervalStyle reads it. Equal as the server has it: a
/// month is thirty days, a day 24 hours. A column declared for certain fields (interval year) may be shown others.
/// </summary>
internal static class IntervalMask
{
    private const long TokenMicroseconds = 1000 * CivilDate.MicrosecondsPerDay;
    private const int BinaryBytes = 16;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        long months, days, time;
        if (mask.IsBinary)
        {
            if (value.Length != BinaryBytes)
                return MaskResult.Invalid;
            time = BinaryPrimitives.ReadInt64BigEndian(value);
            days = BinaryPrimitives.ReadInt32BigEndian(value[8..]);
            months = BinaryPrimitives.ReadInt32BigEndian(value[12..]);
        }
        else if (!IntervalReader.TryRead(value, out months, out days, out time))
        {
            return MaskResult.Invalid;
        }

        var span = (((Int128)(months * 30) + days) * CivilDate.MicrosecondsPerDay) + time;
        var cmac = new Cmac(domain, ValueTag.Interval);
        cmac.Append((long)(span >> 64));
        cmac.Append((long)(ulong)(span & ulong.MaxValue));
        var token = TimeMask.Cut(mask, (long)Math.BigMul(cmac.Finish().AsUInt64()[0], TokenMicroseconds, out _));
        if (token == span)
            token += CivilDate.MicrosecondsPerSecond;

        Span<byte> written = stackalloc byte[24];
        if (mask.IsBinary)
        {
            written.Clear();
            BinaryPrimitives.WriteInt64BigEndian(written, token);
            return ValueMasker.Emit(written[..BinaryBytes], destination, out length);
        }
        var writer = new DateTimeWriter(written, DateStyle.Iso);
        writer.WriteTime(token);
        return ValueMasker.Emit(written[..writer.Length], destination, out length);
    }
}
