namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Masks one value of PostgreSQL's text or binary format. Allocates nothing.
/// A token depends on the value alone, not on its format: it is made from the value that was read. What cannot be read is redacted.
/// </summary>
public static class ValueMasker
{
    /// <summary>Length of a value that is NULL.</summary>
    public const int Null = -1;

    /// <summary>Room that is enough for any value that is not an array, a long bit(n) or a composite.</summary>
    public const int ScalarBytesMax = Redaction.BytesMax;

    /// <summary>
    /// Writes the masked value and tells its length, or <see cref="Null"/>. False when the destination is too small: nothing usable was written
    /// and the value is intact, so try again with more room.
    /// </summary>
    /// <param name="mask">What to do.</param>
    /// <param name="value">The value's bytes; NULL is not a value and never comes here.</param>
    /// <param name="destination">May begin at or before <paramref name="value"/> in the same memory, but not for arrays.</param>
    /// <param name="length">Bytes written, or <see cref="Null"/>.</param>
    public static bool TryMask(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        switch (mask.Kind)
        {
            case MaskKind.Show:
                length = value.Length;
                return value.TryCopyTo(destination);
            case MaskKind.Pseudonym when mask.Domain is { } domain:
                var result = Pseudonym(mask, domain, value, destination, out length);
                // Asked after the work: see AesBlock.Dispose.
                if (result == MaskResult.Written && !domain.IsDisposed)
                    return true;
                return result != MaskResult.TooSmall && Redaction.TryWrite(mask, destination, out length);
            case MaskKind.Plan:
                return PlanMask.TryWrite(value, destination, out length);
            case MaskKind.Year or MaskKind.Age or MaskKind.ZipPrefix or MaskKind.YearNumber or MaskKind.ZipArea:
                return Form(mask, value, destination, out length) switch
                {
                    MaskResult.Written => true,
                    MaskResult.TooSmall => false,
                    _ => Redaction.TryWrite(mask, destination, out length),
                };
            default:
                return Redaction.TryWrite(mask, destination, out length);
        }
    }

    private static MaskResult Form(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length) => mask switch
    {
        { IsArray: true, IsBinary: true } => BinaryArrayMask.Write(mask, value, destination, out length),
        { IsArray: true } => TextArrayMask.Write(mask, value, destination, out length),
        { Kind: MaskKind.Year } => YearMask.Write(mask, value, destination, out length),
        { Kind: MaskKind.Age } => AgeMask.Write(mask, value, destination, out length),
        { Kind: MaskKind.YearNumber, Type: MaskType.Date or MaskType.Timestamp or MaskType.TimestampTz } => YearMask.WriteTruncated(mask, value, destination, out length),
        { Kind: MaskKind.YearNumber } => YearNumberMask.Write(mask, value, destination, out length),
        { Kind: MaskKind.ZipArea } => ZipPrefixMask.WriteArea(mask, value, destination, out length),
        _ => ZipPrefixMask.Write(mask, value, destination, out length),
    };

    private static MaskResult Pseudonym(
        in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        if (!mask.IsArray)
            return Scalar(mask, domain, value, destination, out length);
        return mask.IsBinary
            ? BinaryArrayMask.Write(mask, value, destination, out length)
            : TextArrayMask.Write(mask, value, destination, out length);
    }

    /// <summary>The token of one value that is not an array, or of one element.</summary>
    internal static MaskResult Scalar(
        in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        switch (mask.Type)
        {
            case MaskType.Text or MaskType.BlankPaddedText:
                return TextMask.Write(mask, domain, value, destination, out length);
            case MaskType.Json or MaskType.Jsonb:
                return JsonMask.Write(mask, domain, value, destination, out length);
            case MaskType.Int16 or MaskType.Int32 or MaskType.Int64:
                return IntegerMask.Write(mask, domain, value, destination, out length);
            case MaskType.Float4 or MaskType.Float8:
                return FloatMask.Write(mask, domain, value, destination, out length);
            case MaskType.Numeric:
                return NumericMask.Write(mask, domain, value, destination, out length);
            case MaskType.Bytea:
                return ByteaMask.Write(mask, domain, value, destination, out length);
            case MaskType.Uuid:
                return UuidMask.Write(mask, domain, value, destination, out length);
            case MaskType.Date:
                return DateMask.Write(mask, domain, value, destination, out length);
            case MaskType.Timestamp or MaskType.TimestampTz:
                return TimestampMask.Write(mask, domain, value, destination, out length);
            case MaskType.Time or MaskType.TimeTz:
                return TimeMask.Write(mask, domain, value, destination, out length);
            case MaskType.Interval:
                return IntervalMask.Write(mask, domain, value, destination, out length);
            case MaskType.Bit or MaskType.Varbit:
                return BitMask.Write(mask, domain, value, destination, out length);
            case MaskType.Inet or MaskType.Cidr:
                return NetworkMask.Write(mask, domain, value, destination, out length);
            case MaskType.MacAddress or MaskType.MacAddress8:
                return MacAddressMask.Write(mask, domain, value, destination, out length);
            case MaskType.Money:
                return MoneyMask.Write(mask, domain, value, destination, out length);
            case MaskType.Xml:
                return XmlMask.Write(domain, value, destination, out length);
            default:
                // See PostgresType.HasForm.
                length = 0;
                return MaskResult.Invalid;
        }
    }

    /// <summary>Copies a finished token; the value has been read by then, so that both may lie in the same memory.</summary>
    internal static MaskResult Emit(ReadOnlySpan<byte> token, Span<byte> destination, out int length)
    {
        length = token.Length;
        return token.TryCopyTo(destination) ? MaskResult.Written : MaskResult.TooSmall;
    }
}
