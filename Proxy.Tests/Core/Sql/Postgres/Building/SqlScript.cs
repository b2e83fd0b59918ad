using System.Text.RegularExpressions;

namespace Proxy.Tests.Core.Sql.Postgres.Building;

/// <summary>
/// The statements of a psql script. Good enough to try the reader on: what uses psql's variables or is cut wrongly is not SQL, and the grammar
/// says so.
/// </summary>
internal static partial class SqlScript
{
    public static IEnumerable<string> Statements(string script)
    {
        string text = CopiedRows().Replace(script, "$1");
        int start = 0;
        foreach (Match token in Tokens().Matches(text))
        {
            bool isEnd = token.Value == ";" || token.Groups["meta"].Success;
            if (!isEnd) continue;
            string statement = text[start..token.Index].Trim();
            if (statement.Length > 0) yield return statement;
            start = token.Index + token.Length;
        }
    }

    /// <summary>Comments, quoted things and bodies of SQL functions are passed over whole; a command of psql ends a statement as a semicolon does.</summary>
    [GeneratedRegex(
        """--[^\n]*|/\*.*?\*/|[eE]'(?:[^'\\]|\\.|'')*'|'[^']*'|"[^"]*"|(?<tag>\$(?:[A-Za-z_]\w*)?\$).*?\k<tag>|\bbegin\s+atomic\b.*?\bend\b|(?<meta>\\[^\n]*)|;""",
        RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Tokens();

    [GeneratedRegex("""(\bfrom\s+stdin\b[^;]*;)[^\n]*\n(?:.*?\n)??\\\.""", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex CopiedRows();
}
