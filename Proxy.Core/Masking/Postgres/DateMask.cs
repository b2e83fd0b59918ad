using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>Tokens of dates: a day of 2100 to 2261, one of 59,169, so different dates often share one.</summary>
internal static class DateMask
{
    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        int days;
        if (mask.IsBinary)
        {
            if (value.Length != sizeof(int))
                return MaskResult.Invalid;
            days = BinaryPrimitives.ReadInt32BigEndian(value);
        }
        else if (mask.DateStyle == DateStyle.Unknown || !new DateTimeReader(value, mask.DateStyle).TryReadDate(out days))
        {
            return MaskResult.Invalid;
        }

        var index = (int)Math.BigMul(Cmac.Of(domain, ValueTag.Date, days).AsUInt64()[0], CivilDate.TokenDays, out _);
        if (CivilDate.FirstTokenDay + index == days)
            index = (index + 1) % CivilDate.TokenDays;
        var token = CivilDate.FirstTokenDay + index;

        Span<byte> written = stackalloc byte[16];
        if (mask.IsBinary)
        {
            BinaryPrimitives.WriteInt32BigEndian(written, token);
            return ValueMasker.Emit(written[..sizeof(int)], destination, out length);
        }
        var writer = new DateTimeWriter(written, mask.DateStyle);
        writer.WriteDate(token);
        return ValueMasker.Emit(written[..writer.Length], destination, out length);
    }
}
