namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Tokens of text. The value is its bytes in the client's encoding, so clients with different encodings see different tokens for text that is
/// not ASCII.
/// </summary>
internal static class TextMask
{
    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        if (mask.Type == MaskType.BlankPaddedText)
            value = value.TrimEnd((byte)' ');
        var random = Cmac.Of(domain, ValueTag.Text, value);

        length = TextToken.LengthFor(mask.MaxLength);
        if (destination.Length < Redaction.PaddedLength(mask, length))
            return MaskResult.TooSmall;
        if (length < TextToken.CheckedCharsMin)
            WriteNarrow(domain, random, value, destination[..length]);
        else if (mask.Book is { } book)
            WriteRemembered(book, domain, random, value, destination[..length]);
        else
            TextToken.Write(domain.Checks, random, destination[..length]);
        length = Redaction.Pad(mask, destination, length);
        return MaskResult.Written;
    }

    /// <summary>The value is remembered before the token takes its place: both may lie in the same memory.</summary>
    private static void WriteRemembered(
        TokenBook book, KeyDomain domain, System.Runtime.Intrinsics.Vector128<byte> random, ReadOnlySpan<byte> value, Span<byte> destination)
    {
        Span<byte> token = stackalloc byte[TextToken.Chars];
        token = token[..destination.Length];
        TextToken.Write(domain.Checks, random, token);
        // Tokens of keys that are gone mean nothing.
        if (!domain.IsDisposed)
            book.Remember(token, value);
        token.CopyTo(destination);
    }

    private static void WriteNarrow(
        KeyDomain domain, System.Runtime.Intrinsics.Vector128<byte> random, ReadOnlySpan<byte> value, Span<byte> destination)
    {
        Span<byte> token = stackalloc byte[TextToken.Chars];
        token = token[..destination.Length];
        TextToken.Write(domain.Checks, random, token);
        TextToken.Differ(token, value);
        token.CopyTo(destination);
    }
}
