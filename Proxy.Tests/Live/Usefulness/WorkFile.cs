using System.Text;
using System.Text.RegularExpressions;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>
/// SQL in the words of psql: a case begins with "== expected: title"; a line that ends with ';' ends a statement, '\;' keeps it in one message with
/// the next. A line "\bind 'a' null" behind a statement sends it by the extended protocol with these parameters; lines behind COPY FROM STDIN are
/// its data, up to '\.'.
/// </summary>
internal static partial class WorkFile
{
    public static IEnumerable<WorkCase> Parse(string file, IReadOnlyList<string> lines)
    {
        string? heading = null;
        List<WorkStep> steps = [];
        var sql = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                if (heading is not null)
                    yield return Case(file, heading, steps, sql);
                (heading, steps) = (line[3..], []);
            }
            else if (heading is null || (line.Length == 0 && sql.Length == 0))
                continue;
            else if (line.StartsWith("\\bind", StringComparison.Ordinal))
                steps[^1] = steps[^1] with { Parameters = [.. ParameterPattern().Matches(line[5..]).Select(Parameter)] };
            else
            {
                sql.Append(line).Append('\n');
                if (!line.TrimEnd().EndsWith(';') || line.TrimEnd().EndsWith("\\;", StringComparison.Ordinal))
                    continue;
                var text = sql.ToString().TrimEnd()[..^1].Replace("\\;", ";", StringComparison.Ordinal);
                sql.Clear();
                steps.Add(new WorkStep(text, Data: IsCopyIn().IsMatch(text) ? Data(lines, ref i) : null));
            }
        }
        if (heading is not null)
            yield return Case(file, heading, steps, sql);
    }

    private static WorkCase Case(string file, string heading, List<WorkStep> steps, StringBuilder rest)
    {
        var colon = heading.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 || steps.Count == 0 || rest.Length > 0
            ? throw new FormatException($"{file}: \"{heading}\" has no title, no statement, or one without an end.")
            : new WorkCase(file, heading[..colon], heading[(colon + 2)..], steps);
    }

    private static string Data(IReadOnlyList<string> lines, ref int i)
    {
        var data = new StringBuilder();
        while (lines[++i] != "\\.")
            data.Append(lines[i]).Append('\n');
        return data.ToString();
    }

    private static string? Parameter(Match match) =>
        match.Groups[1].Success ? match.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal) : null;

    [GeneratedRegex("'((?:[^']|'')*)'|null")]
    private static partial Regex ParameterPattern();

    [GeneratedRegex(@"^\s*copy\b.*\bfrom\s+stdin", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex IsCopyIn();
}
