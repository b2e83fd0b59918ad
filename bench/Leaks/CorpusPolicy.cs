using System.Text.RegularExpressions;

namespace Proxy.Bench.Leaks;

/// <summary>
/// The two tables of a corpus's policy.md that say what a gateway is told: "PHI" and "Not PHI", each row a cell of tables and a cell of columns.
/// Notes stand in parentheses. What is derived from these tables the gateway has to find out, so other sections are not read.
/// </summary>
internal sealed partial class CorpusPolicy
{
    private CorpusPolicy(IReadOnlyList<CorpusPolicyRow> rows) => Rows = rows;

    public IReadOnlyList<CorpusPolicyRow> Rows { get; }

    public static CorpusPolicy Parse(string text)
    {
        var rows = new List<CorpusPolicyRow>();
        bool? isPhi = null;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                isPhi = line.StartsWith("## PHI", StringComparison.OrdinalIgnoreCase) ? true
                    : line.StartsWith("## Not PHI", StringComparison.OrdinalIgnoreCase) ? false : null;
            else if (isPhi is { } phi && line.StartsWith('|') && !Ruler().IsMatch(line) && line.Trim('|').Split('|', StringSplitOptions.TrimEntries) is [var tables, var columns] && tables != "table")
                rows.Add(Row(phi, tables, columns));
        }

        return rows.Exists(static row => row.IsPhi) ? new CorpusPolicy(rows) : throw new InvalidOperationException("policy.md has no table below \"## PHI\".");
    }

    private static CorpusPolicyRow Row(bool isPhi, string tables, string columns)
    {
        columns = columns.Replace("*", "", StringComparison.Ordinal);
        return new CorpusPolicyRow(
            isPhi,
            [.. Note().Replace(tables, "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Unquoted)],
            columns.StartsWith("all", StringComparison.OrdinalIgnoreCase),
            Names(Note().Replace(columns, " ")),
            [.. Note().Matches(columns).SelectMany(note => Names(note.Value))]);
    }

    private static string[] Names(string text) => [.. Name().Matches(text).Select(name => Unquoted(name.Value)).Distinct()];

    private static string Unquoted(string name) => name.Trim('"');

    [GeneratedRegex(@"^\|[\s|:-]+$")]
    private static partial Regex Ruler();

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Note();

    [GeneratedRegex(@"""[^""]+""|\w+")]
    private static partial Regex Name();
}
