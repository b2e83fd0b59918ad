using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Tokens of timestamps: an instant of 2100 to 2261, to the column's digits of the second. One with a zone is written in UTC, whatever the
/// session's zone: the same instant.
/// </summary>
internal static class TimestampMask
{
    private const long TokenMicroseconds = CivilDate.TokenDays * CivilDate.MicrosecondsPerDay;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        var withZone = mask.Type == MaskType.TimestampTz;
        long instant;
        if (mask.IsBinary)
        {
            if (value.Length != sizeof(long))
                return MaskResult.Invalid;
            instant = BinaryPrimitives.ReadInt64BigEndian(value);
        }
        else if (mask.DateStyle == DateStyle.Unknown || !new DateTimeReader(value, mask.DateStyle).TryReadTimestamp(withZone, out instant))
        {
            return MaskResult.Invalid;
        }

        var random = Cmac.Of(domain, withZone ? ValueTag.TimestampTz : ValueTag.Timestamp, instant).AsUInt64()[0];
        var offset = (long)Math.BigMul(random, TokenMicroseconds, out _);
        var token = (CivilDate.FirstTokenDay * CivilDate.MicrosecondsPerDay) + TimeMask.Cut(mask, offset);
        if (token == instant)
            token += CivilDate.MicrosecondsPerSecond;

        Span<byte> written = stackalloc byte[40];
        if (mask.IsBinary)
        {
            BinaryPrimitives.WriteInt64BigEndian(written, token);
            return ValueMasker.Emit(written[..sizeof(long)], destination, out length);
        }
        var writer = new DateTimeWriter(written, mask.DateStyle);
        writer.WriteTimestamp(token, withZone);
        return ValueMasker.Emit(written[..writer.Length], destination, out length);
    }
}
