namespace Proxy.Core.Masking.MySql;

/// <summary>The constant that stands for any value of a type.</summary>
internal static class MySqlRedaction
{
    /// <summary>The beginning of 1900, before any date that a person has; of TIMESTAMP, which begins in 1970, that.</summary>
    private static readonly MySqlMoment Date = new(1900, 1, 1);

    /// <summary>In every time zone a TIMESTAMP: the second of January.</summary>
    private static readonly MySqlMoment Timestamp = new(1970, 1, 2);

    private static ReadOnlySpan<byte> Word => "****"u8;

    /// <summary>
    /// Writes the constant and tells its length, or <see cref="MySqlValueMasker.Null"/>. False when the destination is too small.
    /// <see cref="MySqlValueMasker.BytesMax"/> are enough for everything but the longest labels.
    /// </summary>
    public static bool TryWrite(in MySqlColumnMask mask, Span<byte> destination, out int length)
    {
        if (mask.Constant is { } constant)
        {
            length = constant.Length;
            return constant.AsSpan().TryCopyTo(destination);
        }
        if (destination.Length >= MySqlValueMasker.BytesMax)
        {
            length = Write(mask, destination);
            return true;
        }
        Span<byte> written = stackalloc byte[MySqlValueMasker.BytesMax];
        length = Write(mask, written);
        return length == MySqlValueMasker.Null || written[..length].TryCopyTo(destination);
    }

    private static int Write(in MySqlColumnMask mask, Span<byte> destination)
    {
        switch (mask.Type)
        {
            case MySqlMaskType.Integer or MySqlMaskType.Year or MySqlMaskType.Float or MySqlMaskType.Double when mask.IsBinary:
                destination[..mask.Width].Clear();
                return mask.Width;
            case MySqlMaskType.Integer:
                return Put("0"u8, destination);
            case MySqlMaskType.Year:
                return Put("0000"u8, destination); // a year that YEAR has
            case MySqlMaskType.Float or MySqlMaskType.Double or MySqlMaskType.Decimal:
                return WriteZero(mask.Scale, destination);
            case MySqlMaskType.Bit:
                return Zeros((mask.MaxLength + 7) / 8, destination);
            case MySqlMaskType.FixedBytes:
                return Zeros(mask.MaxLength, destination);
            case MySqlMaskType.Date or MySqlMaskType.DateTime:
                return Date.Write(mask, destination);
            case MySqlMaskType.Timestamp:
                return Timestamp.Write(mask, destination);
            case MySqlMaskType.Time:
                return MySqlTimeMask.WriteTime(mask, 0, destination);
            case MySqlMaskType.Text:
                return Put(mask.MaxLength == 0 ? Word : Word[..Math.Min(Word.Length, mask.MaxLength)], destination);
            case MySqlMaskType.Bytes or MySqlMaskType.ForeignText or MySqlMaskType.Set:
                return 0;
            case MySqlMaskType.Enum:
                return 0; // the server's own value for what is none of the labels
            case MySqlMaskType.Json:
                return Put("\"****\""u8, destination);
            case MySqlMaskType.Uuid:
                return Put("00000000-0000-0000-0000-000000000000"u8, destination);
            case MySqlMaskType.Inet4:
                return Put("0.0.0.0"u8, destination);
            case MySqlMaskType.Inet6:
                return Put("::"u8, destination);
            default:
                return MySqlValueMasker.Null;
        }
    }

    /// <summary>As many digits as the column has: drivers show them.</summary>
    private static int WriteZero(int scale, Span<byte> destination)
    {
        destination[0] = (byte)'0';
        if (scale <= 0)
            return 1;
        destination[..(2 + scale)].Fill((byte)'0');
        destination[1] = (byte)'.';
        return 2 + scale;
    }

    private static int Zeros(int count, Span<byte> destination)
    {
        destination[..count].Clear();
        return count;
    }

    private static int Put(ReadOnlySpan<byte> constant, Span<byte> destination)
    {
        constant.CopyTo(destination);
        return constant.Length;
    }
}
