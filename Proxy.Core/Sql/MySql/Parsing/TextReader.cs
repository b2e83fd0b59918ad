using System.Buffers;
using System.Text;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>The values of names and strings as they stand in the text.</summary>
internal static class TextReader
{
    /// <summary>A name, quoted or not, with or without @.</summary>
    public static string Name(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'@', ..]) text = text[1..];
        if (text is not [(byte)'`' or (byte)'"' or (byte)'\'', ..]) return Encoding.UTF8.GetString(text);
        return Unquoted(text, hasEscapes: false);
    }

    /// <summary>A string with its quotes, maybe behind N.</summary>
    public static string String(ReadOnlySpan<byte> text, bool hasEscapes)
    {
        if (text is [(byte)'N' or (byte)'n', ..]) text = text[1..];
        return Unquoted(text, hasEscapes);
    }

    /// <summary>What stands between the quotes, where that is the value as it is; false where quotes are doubled or anything is escaped.</summary>
    public static bool TryContent(ReadOnlySpan<byte> text, bool hasEscapes, out ReadOnlySpan<byte> content)
    {
        if (text is [(byte)'N' or (byte)'n', ..]) text = text[1..];
        content = text[1..^1];
        return (hasEscapes ? content.IndexOfAny(text[0], (byte)'\\') : content.IndexOf(text[0])) < 0;
    }

    /// <summary>Writes the value of a string; it is never longer than the string.</summary>
    public static int Write(ReadOnlySpan<byte> text, bool hasEscapes, Span<byte> value)
    {
        if (text is [(byte)'N' or (byte)'n', ..]) text = text[1..];
        return Unescape(text[1..^1], value, text[0], hasEscapes);
    }

    private static string Unquoted(ReadOnlySpan<byte> text, bool hasEscapes)
    {
        byte quote = text[0];
        ReadOnlySpan<byte> content = text[1..^1];
        int special = hasEscapes ? content.IndexOfAny(quote, (byte)'\\') : content.IndexOf(quote);
        if (special < 0) return Encoding.UTF8.GetString(content);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(content.Length);
        int length = Unescape(content, buffer, quote, hasEscapes);
        string value = Encoding.UTF8.GetString(buffer, 0, length);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return value;
    }

    private static int Unescape(ReadOnlySpan<byte> content, Span<byte> value, byte quote, bool hasEscapes)
    {
        int length = 0;
        for (int i = 0; i < content.Length; i++)
        {
            byte b = content[i];
            if (b == quote)
            {
                i++;
            }
            else if (b == '\\' && hasEscapes && i + 1 < content.Length)
            {
                b = content[++i];
                // Before these two the backslash stays: they are for patterns.
                if (b is (byte)'%' or (byte)'_') value[length++] = (byte)'\\';
                b = Escaped(b);
            }

            value[length++] = b;
        }

        return length;
    }

    private static byte Escaped(byte b) => b switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'0' => 0,
        (byte)'Z' => 26,
        _ => b,
    };
}
