namespace Proxy.Host.Configuration;

/// <summary>How many insertions, deletions and substitutions lie between two words (Levenshtein), to guess what a misspelt key meant.</summary>
internal static class EditDistance
{
    public static int Between(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, 1 + Math.Min(previous[j], current[j - 1]));
            }
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
