using System.Text;

namespace Proxy.Host.Evidence.Reports;

/// <summary>Writes a report as Markdown.</summary>
internal static class MarkdownReport
{
    public static string Write(ReportDocument report)
    {
        var text = new StringBuilder();
        Line(text, $"# {Escape(report.Title)}");
        Line(text, "");
        Line(text, $"{ReportTexts.Time(report.From)} to {ReportTexts.Time(report.To)}, UTC.");
        foreach (var section in report.Sections)
        {
            Line(text, "");
            Line(text, $"## {Escape(section.Title)}");
            foreach (var paragraph in section.Text)
            {
                Line(text, "");
                Line(text, Escape(paragraph));
            }
            if (section.Table is not { Rows.Count: > 0 } table) continue;
            Line(text, "");
            Line(text, Row(table.Columns));
            Line(text, Row([.. table.Columns.Select(static _ => "---")], escapes: false));
            foreach (var row in table.Rows)
                Line(text, Row(row));
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    private static string Row(IReadOnlyList<string> cells, bool escapes = true) => $"| {string.Join(" | ", escapes ? cells.Select(Escape) : cells)} |";

    /// <summary>Names come from tokens and rules: none of them may become markup.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
            _ = character switch
            {
                '|' or '<' or '*' or '`' or '[' or ']' or '\\' => escaped.Append('\\').Append(character),
                '\r' or '\n' => escaped.Append(' '),
                _ => escaped.Append(character),
            };
        return escaped.ToString();
    }
}
