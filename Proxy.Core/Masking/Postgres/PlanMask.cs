namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// What EXPLAIN prints, without how wide values are: the average width of a column that is PHI is computed from it. Every number behind one of the four
/// spellings of the width becomes 0; all else stays. The answer is never longer than the value, and is written from its beginning on.
/// </summary>
internal static class PlanMask
{
    public static bool TryWrite(ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (destination.Length < value.Length)
            return false;
        while (!value.IsEmpty)
        {
            var start = StartOfNumber(value);
            value[..start].CopyTo(destination[length..]);
            length += start;
            value = value[start..];
            if (value.IsEmpty)
                break;
            destination[length++] = (byte)'0';
            var digits = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            value = digits < 0 ? [] : value[digits..];
        }
        return true;
    }

    /// <summary>Where the next width begins; the length of the text where there is none.</summary>
    private static int StartOfNumber(ReadOnlySpan<byte> text)
    {
        var first = text.Length;
        foreach (var spelling in (ReadOnlySpan<string>)["width=", "Plan Width\": ", "Plan Width: ", "<Plan-Width>"])
            for (var from = 0; from < first;)
            {
                var found = IndexOf(text[from..], spelling);
                if (found < 0)
                    break;
                from += found + spelling.Length;
                if (from < text.Length && char.IsAsciiDigit((char)text[from]))
                {
                    first = Math.Min(first, from);
                    break;
                }
            }
        return first;
    }

    private static int IndexOf(ReadOnlySpan<byte> text, string spelling)
    {
        Span<byte> bytes = stackalloc byte[spelling.Length];
        System.Text.Encoding.ASCII.GetBytes(spelling, bytes);
        return text.IndexOf(bytes);
    }
}
