using System.Text;

namespace Proxy.Tests.Support;

/// <summary>Reads comma-separated records whose quoted fields may hold line ends, as PostgreSQL's csvlog writes them.</summary>
public static class CsvRecords
{
    public static IEnumerable<IReadOnlyList<string>> Parse(string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[i++]);
            else if (c == '"')
                quoted = !quoted;
            else if (quoted || c is not (',' or '\n'))
                field.Append(c);
            else
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c != '\n')
                    continue;
                yield return fields.ToArray();
                fields.Clear();
            }
        }
    }
}
