namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>Where a statement stands in its text without the blanks and comments around it.</summary>
internal static class StatementBounds
{
    /// <summary>
    /// Narrows the grammar's place of a statement. A length of zero means up to the text's end. The text is one the grammar has accepted, so
    /// every comment ends.
    /// </summary>
    public static (int Start, int Length) Narrow(ReadOnlySpan<byte> text, int location, int length)
    {
        int end = length > 0 ? Math.Min(location + length, text.Length) : text.Length;
        int start = Math.Min(SkipBlanksAndComments(text, location), end);
        while (end > start && IsBlank(text[end - 1])) end--;
        return (start, end - start);
    }

    private static int SkipBlanksAndComments(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length)
        {
            if (IsBlank(text[at])) at++;
            else if (text[at..].StartsWith("--"u8)) at = EndOfLine(text, at);
            else if (text[at..].StartsWith("/*"u8)) at = EndOfComment(text, at);
            else break;
        }

        return at;
    }

    private static bool IsBlank(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v';

    private static int EndOfLine(ReadOnlySpan<byte> text, int at)
    {
        int length = text[at..].IndexOfAny((byte)'\n', (byte)'\r');
        return length < 0 ? text.Length : at + length;
    }

    /// <summary>Comments nest.</summary>
    private static int EndOfComment(ReadOnlySpan<byte> text, int at)
    {
        int depth = 0;
        while (at < text.Length)
        {
            if (text[at..].StartsWith("/*"u8))
            {
                depth++;
                at += 2;
            }
            else if (text[at..].StartsWith("*/"u8))
            {
                depth--;
                at += 2;
                if (depth == 0) return at;
            }
            else
            {
                at++;
            }
        }

        return at;
    }
}
