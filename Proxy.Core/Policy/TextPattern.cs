namespace Proxy.Core.Policy;

/// <summary>
/// A glob over a whole text, case-sensitive: <c>*</c> is any run of characters, <c>?</c> any one; there is no escape, and no other magic.
/// Matching takes time proportional to pattern × text at worst, so a hostile claim cannot stall it as a regular expression might.
/// </summary>
public sealed class TextPattern
{
    private TextPattern(string text, bool isExact)
    {
        Text = text;
        IsExact = isExact;
    }

    public TextPattern(string glob)
        : this(glob, glob.AsSpan().IndexOfAny('*', '?') < 0)
    {
    }

    public string Text { get; }

    /// <summary>Whether it matches one text only.</summary>
    public bool IsExact { get; }

    /// <summary>Matches this text only, whatever characters it holds.</summary>
    public static TextPattern Exactly(string text) => new(text, isExact: true);

    public bool IsMatch(ReadOnlySpan<char> candidate)
    {
        var pattern = Text.AsSpan();
        if (IsExact)
            return candidate.SequenceEqual(pattern);

        int p = 0, c = 0, star = -1, resume = 0;
        while (c < candidate.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = c;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == candidate[c]))
            {
                p++;
                c++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                c = ++resume;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    public override string ToString() => Text;
}
