namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Tokens of json and jsonb: a JSON string. The value is the document's text, so json documents that differ in blanks have different tokens;
/// jsonb has one text per document.
/// </summary>
internal static class JsonMask
{
    private const byte JsonbVersion = 1;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        var hasVersion = mask is { IsBinary: true, Type: MaskType.Jsonb };
        if (hasVersion)
        {
            if (value is not [JsonbVersion, ..])
                return MaskResult.Invalid;
            value = value[1..];
        }
        var random = Cmac.Of(domain, ValueTag.Json, value);

        length = TextToken.Chars + 2 + (hasVersion ? 1 : 0);
        if (destination.Length < length)
            return MaskResult.TooSmall;
        if (hasVersion)
        {
            destination[0] = JsonbVersion;
            destination = destination[1..];
        }
        destination[0] = (byte)'"';
        TextToken.Write(domain.Checks, random, destination.Slice(1, TextToken.Chars));
        destination[TextToken.Chars + 1] = (byte)'"';
        return MaskResult.Written;
    }
}
