namespace Proxy.Core.Masking.Postgres;

/// <summary>Tokens of xml: content of one word. The value is the document's text, which is the same in both formats for a client that reads UTF-8.</summary>
internal static class XmlMask
{
    public static MaskResult Write(KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        var random = Cmac.Of(domain, ValueTag.Xml, value);
        length = TextToken.Chars + Begin.Length + End.Length;
        if (destination.Length < length)
            return MaskResult.TooSmall;
        Begin.CopyTo(destination);
        TextToken.Write(domain.Checks, random, destination.Slice(Begin.Length, TextToken.Chars));
        End.CopyTo(destination[(Begin.Length + TextToken.Chars)..]);
        return MaskResult.Written;
    }

    private static ReadOnlySpan<byte> Begin => "<masked>"u8;

    private static ReadOnlySpan<byte> End => "</masked>"u8;
}
