using System.Text.Json;

namespace Proxy.Host.Evidence.Reports;

/// <summary>Writes a report as JSON, a table's rows as objects under the names of its columns.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static string Write(ReportDocument report) => JsonSerializer.Serialize(
        new
        {
            report.Title,
            From = report.From.UtcDateTime,
            To = report.To.UtcDateTime,
            Sections = report.Sections.Select(static section => new
            {
                section.Title,
                section.Text,
                Rows = section.Table is { } table ? table.Rows.Select(row => ToObject(table.Columns, row)) : null,
            }),
        },
        Options) + "\n";

    private static Dictionary<string, string> ToObject(IReadOnlyList<string> columns, IReadOnlyList<string> row)
    {
        var named = new Dictionary<string, string>();
        for (var i = 0; i < columns.Count; i++)
            named[columns[i].Replace(' ', '_')] = row[i];
        return named;
    }
}
