using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>Tokens of times of day; one with a zone is in UTC. Two times with zones are equal when time and zone are, as the server has it.</summary>
internal static class TimeMask
{
    private const int ZoneBytes = sizeof(int);

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        var withZone = mask.Type == MaskType.TimeTz;
        var zone = 0;
        long time;
        if (mask.IsBinary)
        {
            if (value.Length != Redaction.BinaryLength(mask.Type))
                return MaskResult.Invalid;
            time = BinaryPrimitives.ReadInt64BigEndian(value);
            if (withZone)
                zone = BinaryPrimitives.ReadInt32BigEndian(value[sizeof(long)..]);
        }
        else if (!new DateTimeReader(value, DateStyle.Iso).TryReadTime(withZone, out time, out zone))
        {
            return MaskResult.Invalid;
        }

        var cmac = new Cmac(domain, withZone ? ValueTag.TimeTz : ValueTag.Time);
        cmac.Append(time);
        cmac.Append(zone);
        var token = Cut(mask, (long)Math.BigMul(cmac.Finish().AsUInt64()[0], CivilDate.MicrosecondsPerDay, out _));
        if (token == time)
            token = (token + CivilDate.MicrosecondsPerSecond) % CivilDate.MicrosecondsPerDay;

        Span<byte> written = stackalloc byte[24];
        if (mask.IsBinary)
        {
            written.Clear();
            BinaryPrimitives.WriteInt64BigEndian(written, token);
            return ValueMasker.Emit(written[..(sizeof(long) + (withZone ? ZoneBytes : 0))], destination, out length);
        }
        var writer = new DateTimeWriter(written, DateStyle.Iso);
        writer.WriteTime(token);
        if (withZone)
            writer.Write("+00"u8);
        return ValueMasker.Emit(written[..writer.Length], destination, out length);
    }

    /// <summary>Drops the digits of the second that the column does not keep.</summary>
    public static long Cut(in ColumnMask mask, long microseconds)
    {
        var unit = 1L;
        for (var i = 0; i < mask.Scale; i++)
            unit *= 10;
        return microseconds - (microseconds % unit);
    }
}
