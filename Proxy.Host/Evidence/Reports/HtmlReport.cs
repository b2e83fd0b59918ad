using System.Net;
using System.Text;

namespace Proxy.Host.Evidence.Reports;

/// <summary>Writes a report as one HTML page that loads nothing.</summary>
internal static class HtmlReport
{
    private const string Head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
        table { border-collapse: collapse; font-size: 13px; }
        th, td { border: 1px solid #c8ccd1; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
        th { background: #eef1f4; }
        </style>

        """;

    public static string Write(ReportDocument report)
    {
        var text = new StringBuilder(Head);
        Line(text, $"<title>{Encode(report.Title)}</title>\n</head>\n<body>\n<h1>{Encode(report.Title)}</h1>");
        Line(text, $"<p>{ReportTexts.Time(report.From)} to {ReportTexts.Time(report.To)}, UTC.</p>");
        foreach (var section in report.Sections)
        {
            Line(text, $"<h2>{Encode(section.Title)}</h2>");
            foreach (var paragraph in section.Text)
                Line(text, $"<p>{Encode(paragraph)}</p>");
            if (section.Table is not { Rows.Count: > 0 } table) continue;
            Line(text, $"<table>\n<tr>{string.Concat(table.Columns.Select(static cell => $"<th>{Encode(cell)}</th>"))}</tr>");
            foreach (var row in table.Rows)
                Line(text, $"<tr>{string.Concat(row.Select(static cell => $"<td>{Encode(cell)}</td>"))}</tr>");
            Line(text, "</table>");
        }
        Line(text, "</body>\n</html>");
        return text.ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
