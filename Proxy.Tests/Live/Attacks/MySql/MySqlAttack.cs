using System.Runtime.CompilerServices;

namespace Proxy.Tests.Live.Attacks.MySql;

/// <summary>
/// One attempt to get a value out of MariaDB. In the files: "== verdict: title", then statements, one a line, sent one by one over one connection; a line that
/// begins with "P " is prepared and executed by the binary protocol, with the values behind " || " as its parameters.
/// </summary>
public sealed record MySqlAttack(string File, AttackVerdict Verdict, string Title, IReadOnlyList<string> Statements)
{
    public static IEnumerable<MySqlAttack> All =>
        Directory.GetFiles(CasesDirectory(), "*.txt").Order(StringComparer.Ordinal).SelectMany(Parse);

    public override string ToString() => $"{File}: {Title}";

    private static IEnumerable<MySqlAttack> Parse(string path)
    {
        string? heading = null;
        var statements = new List<string>();
        foreach (var line in System.IO.File.ReadAllLines(path))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (!line.StartsWith("== ", StringComparison.Ordinal))
            {
                statements.Add(line);
                continue;
            }
            if (heading is not null)
                yield return Of(path, heading, statements);
            (heading, statements) = (line[3..], []);
        }
        if (heading is not null)
            yield return Of(path, heading, statements);
    }

    private static MySqlAttack Of(string path, string heading, IReadOnlyList<string> statements)
    {
        var (verdict, title) = heading.Split(": ", 2) is [var left, var right] ? (left, right) : throw new InvalidDataException(heading);
        return new MySqlAttack(Path.GetFileNameWithoutExtension(path), Enum.Parse<AttackVerdict>(verdict, ignoreCase: true), title, statements);
    }

    private static string CasesDirectory([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "Cases");
}
