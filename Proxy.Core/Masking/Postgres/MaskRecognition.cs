using System.Buffers;

namespace Proxy.Core.Masking.Postgres;

/// <summary>Whether a value that a client sends is one that it was shown instead of the real one, as far as values tell.</summary>
public static class MaskRecognition
{
    private static readonly SearchValues<byte> ZeroNumber = SearchValues.Create("0.+- $"u8);
    private static readonly SearchValues<byte> ZeroTime = SearchValues.Create("0:.+-"u8);

    /// <summary>
    /// Whether every masked value can be told from a real one. A token of a date, a number or a narrow text is as good a date, number or text as
    /// any, and so is their constant.
    /// </summary>
    public static bool IsRecognisable(in ColumnMask mask) => mask switch
    {
        { IsArray: true } => false, // An empty array stands for every array.
        { Kind: MaskKind.Redact } => mask.Type is MaskType.Text or MaskType.BlankPaddedText or MaskType.Json or MaskType.Jsonb or MaskType.Xml,
        { Kind: MaskKind.Pseudonym, Type: MaskType.Text or MaskType.BlankPaddedText } => mask.MaxLength is 0 or >= TextToken.CheckedCharsMin,
        { Kind: MaskKind.Pseudonym } => mask.Type is MaskType.Json or MaskType.Jsonb or MaskType.Xml,
        _ => false,
    };

    /// <summary>Whether the value is the constant of the type, however it is written.</summary>
    /// <param name="mask">How the column is shown.</param>
    /// <param name="value">A value of the type, in text or binary.</param>
    /// <param name="isBinary">Which of the two.</param>
    public static bool IsConstant(in ColumnMask mask, ReadOnlySpan<byte> value, bool isBinary)
    {
        if (value.Length > Redaction.BytesMax)
            return false;
        var isText = mask.Type is MaskType.Text or MaskType.BlankPaddedText or MaskType.Json or MaskType.Jsonb or MaskType.Xml;
        // A token is never the constant of a type; what cannot be read is, but no value that a client has read so is a date or a number.
        if (mask.Kind is not MaskKind.Redact && !isText)
            return false;
        Span<byte> constant = stackalloc byte[Redaction.BytesMax];
        if (!Redaction.TryWrite(mask with { IsBinary = isBinary, DateStyle = DateStyle.Iso }, constant, out var length) || length == ValueMasker.Null)
            return false;
        if (constant[..length].TrimEnd((byte)' ').SequenceEqual(value.TrimEnd((byte)' ')))
            return true;
        return isBinary ? IsBinaryZero(mask.Type, value) : IsZero(mask.Type, value);
    }

    /// <summary>An integer is sent in another width, a numeric with another scale.</summary>
    private static bool IsBinaryZero(MaskType type, ReadOnlySpan<byte> value) => type switch
    {
        MaskType.Int16 or MaskType.Int32 or MaskType.Int64 or MaskType.Float4 or MaskType.Float8 or MaskType.Money =>
            !value.ContainsAnyExcept((byte)0),
        MaskType.Numeric => value.Length == 8 && !value[..6].ContainsAnyExcept((byte)0),
        _ => false,
    };

    private static bool IsZero(MaskType type, ReadOnlySpan<byte> value) => type switch
    {
        MaskType.Int16 or MaskType.Int32 or MaskType.Int64 or MaskType.Float4 or MaskType.Float8 or MaskType.Numeric or MaskType.Money =>
            value.Contains((byte)'0') && !value.ContainsAnyExcept(ZeroNumber),
        MaskType.Bool => value.Length > 0 && (value[0] | 0x20) is (byte)'f' or (byte)'n' or (byte)'0',
        MaskType.Date or MaskType.Timestamp or MaskType.TimestampTz => value.StartsWith("1900-01-01"u8),
        MaskType.Time or MaskType.TimeTz or MaskType.Interval => value.StartsWith("00:00"u8) && !value.ContainsAnyExcept(ZeroTime),
        _ => false,
    };
}
