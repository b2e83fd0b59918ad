using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// Masks one value of a row of the text or the binary protocol. Allocates nothing. A value is what stands behind its length: in binary rows the
/// bytes of a number, or those of a date behind the byte that counts them.
/// A token depends on the value alone, not on the protocol: it is made from the value that was read. What cannot be read is redacted.
/// </summary>
public static class MySqlValueMasker
{
    /// <summary>Length of a value that is NULL.</summary>
    public const int Null = -1;

    /// <summary>Room that is enough for any mask but <see cref="MaskKind.Show"/> and the longest labels of enums.</summary>
    public const int BytesMax = 256;

    /// <summary>
    /// Writes the masked value and tells its length, or <see cref="Null"/>. False when the destination is too small: nothing usable was written
    /// and the value is intact, so try again with more room.
    /// </summary>
    /// <param name="mask">What to do.</param>
    /// <param name="value">The value's bytes; NULL is not a value and never comes here.</param>
    /// <param name="destination">May begin at or before <paramref name="value"/> in the same memory.</param>
    /// <param name="length">Bytes written, or <see cref="Null"/>.</param>
    public static bool TryMask(in MySqlColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        MaskResult result;
        switch (mask.Kind)
        {
            case MaskKind.Show:
                length = value.Length;
                return value.TryCopyTo(destination);
            case MaskKind.Pseudonym when mask.Domain is { } domain:
                result = Token(mask, domain, value, destination, out length);
                // Asked after the work: see AesBlock.Dispose.
                if (result == MaskResult.Written && domain.IsDisposed)
                    result = MaskResult.Invalid;
                break;
            case MaskKind.Year:
                result = MySqlYearMask.Write(mask, value, destination, out length);
                break;
            case MaskKind.Age:
                result = MySqlAgeMask.Write(mask, value, destination, out length);
                break;
            case MaskKind.ZipPrefix:
                result = ZipPrefixMask.Write(new ColumnMask { Type = MaskType.Text }, value, destination, out length);
                break;
            default:
                return MySqlRedaction.TryWrite(mask, destination, out length);
        }
        return result switch
        {
            MaskResult.Written => true,
            MaskResult.TooSmall => false,
            _ => MySqlRedaction.TryWrite(mask, destination, out length),
        };
    }

    private static MaskResult Token(in MySqlColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        switch (mask.Type)
        {
            case MySqlMaskType.Text:
                return TextMask.Write(new ColumnMask { Type = MaskType.Text, MaxLength = mask.MaxLength, Book = mask.Book }, domain, value, destination, out length);
            case MySqlMaskType.Json:
                return JsonMask.Write(new ColumnMask { Type = MaskType.Json }, domain, value, destination, out length);
            case MySqlMaskType.Uuid:
                return UuidMask.Write(new ColumnMask { Type = MaskType.Uuid }, domain, value, destination, out length);
            case MySqlMaskType.Integer:
                return MySqlIntegerMask.Write(mask, domain, value, destination, out length);
            case MySqlMaskType.Float or MySqlMaskType.Double:
                return MySqlFloatMask.Write(mask, domain, value, destination, out length);
            case MySqlMaskType.Decimal:
                return MySqlDecimalMask.Write(mask, domain, value, destination, out length);
            case MySqlMaskType.Bit or MySqlMaskType.Bytes or MySqlMaskType.FixedBytes:
                return MySqlBytesMask.Write(mask, domain, value, destination, out length);
            case MySqlMaskType.Date or MySqlMaskType.DateTime or MySqlMaskType.Timestamp:
                return MySqlDateMask.Write(mask, domain, value, destination, out length);
            case MySqlMaskType.Time:
                return MySqlTimeMask.Write(mask, domain, value, destination, out length);
            case MySqlMaskType.Inet6:
                return MySqlInet6Mask.Write(domain, value, destination, out length);
            default:
                // See MySqlColumnType.HasForm.
                length = 0;
                return MaskResult.Invalid;
        }
    }
}
