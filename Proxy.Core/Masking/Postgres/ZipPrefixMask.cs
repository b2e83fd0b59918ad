namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// The first three digits of a ZIP code, 000 where they stand for 20,000 people or fewer (45 CFR 164.514(b)(2)(i)(B)). A value that is neither five
/// digits nor nine, with or without a hyphen, is redacted: it may be an address.
/// </summary>
internal static class ZipPrefixMask
{
    private const int PrefixLength = 3;

    public static bool Takes(in ColumnMask mask) =>
        mask.Type is MaskType.Text or MaskType.BlankPaddedText && mask.MaxLength is 0 or >= PrefixLength;

    public static MaskResult Write(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        value = value.TrimEnd((byte)' ');
        length = 0;
        return IsZipCode(value) ? WritePrefix(mask, value, destination, out length) : MaskResult.Invalid;
    }

    /// <summary>Of three digits that were cut from a ZIP code before they came here.</summary>
    public static MaskResult WriteArea(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        return value.Length == PrefixLength && AreDigits(value) ? WritePrefix(mask, value, destination, out length) : MaskResult.Invalid;
    }

    private static MaskResult WritePrefix(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        Span<byte> prefix = stackalloc byte[Redaction.PaddedCharsMax];
        value[..PrefixLength].CopyTo(prefix);
        if (SmallZipAreas.Contains(value[..PrefixLength]))
            prefix[..PrefixLength].Fill((byte)'0');
        return ValueMasker.Emit(prefix[..Redaction.Pad(mask, prefix, PrefixLength)], destination, out length);
    }

    private static bool IsZipCode(ReadOnlySpan<byte> value) => value.Length switch
    {
        5 or 9 => AreDigits(value),
        10 => value[5] == (byte)'-' && AreDigits(value[..5]) && AreDigits(value[6..]),
        _ => false,
    };

    private static bool AreDigits(ReadOnlySpan<byte> value) => !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
