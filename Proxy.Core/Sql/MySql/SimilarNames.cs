namespace Proxy.Core.Sql.MySql;

/// <summary>
/// Names beyond ASCII, and with spaces at their end, are compared by the server in ways that differ from place to place: by tables of its own for case (İ is i), in
/// tables of many columns by a hash that ignores accents, for the names of PREPARE likewise [ran]. Where two such names of a statement may be one to the server, nobody
/// knows here what they mean.
/// </summary>
internal static class SimilarNames
{
    /// <summary>A statement with more of them is not looked through.</summary>
    public const int OddMax = 64;

    /// <summary>Whether it may be the same to the server as another name.</summary>
    public static bool IsOdd(string name) => name is [.., ' '] || name.AsSpan().ContainsAnyExceptInRange('\0', '\u007F');

    /// <summary>Whether names that are different here may be the same there: each character beyond ASCII for any other.</summary>
    public static bool AreConfusable(string one, string other)
    {
        ReadOnlySpan<char> left = one.AsSpan().TrimEnd(' ');
        ReadOnlySpan<char> right = other.AsSpan().TrimEnd(' ');
        if (left.Length != right.Length || AreSame(one, other)) return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (char.IsAscii(left[i]) && char.IsAscii(right[i]) && char.ToLowerInvariant(left[i]) != char.ToLowerInvariant(right[i])) return false;
        }

        return true;
    }

    /// <summary>The same name in other letters, by capitals and by small ones: so it is for the server, too.</summary>
    private static bool AreSame(string one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase) && string.Equals(one.ToLowerInvariant(), other.ToLowerInvariant(), StringComparison.Ordinal);
}
