using System.Text.RegularExpressions;

namespace Proxy.Tests.Core.Sql.Postgres.Building;

/// <summary>Statements with pieces of others put in at random.</summary>
internal sealed partial class StatementMixer(string[][] statements, int seed)
{
    private const int PiecesMax = 3;
    private const int PieceTokensMax = 12;
    private const int RemovedMax = 3;

    private readonly Random _random = new(seed);

    public static string[] Tokens(string text) => [.. Token().Matches(text).Select(match => match.Value)];

    public string Next()
    {
        List<string> mixed = [.. Any()];
        for (int pieces = _random.Next(PiecesMax) + 1; pieces > 0; pieces--)
        {
            string[] other = Any();
            int length = Math.Min(other.Length, _random.Next(PieceTokensMax) + 1);
            int from = _random.Next(other.Length - length + 1);
            int at = _random.Next(mixed.Count + 1);
            mixed.RemoveRange(at, Math.Min(_random.Next(RemovedMax + 1), mixed.Count - at));
            mixed.InsertRange(at, other.AsSpan(from, length));
        }

        return string.Join(' ', mixed);
    }

    private string[] Any() => statements[_random.Next(statements.Length)];

    [GeneratedRegex("""\w+|'[^']*'|"[^"]*"|\$\d+|[<>=|:!@#~*+/-]+|\S""")]
    private static partial Regex Token();
}
