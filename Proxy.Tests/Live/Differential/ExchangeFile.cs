using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Differential;

/// <summary>
/// Reads the files in Exchanges. "== title" begins an exchange; then one message a line, by the protocol's own letters (Q P B D E C H S
/// d c f X, or raw bytes), "&lt; types" to receive, "cancel", "refused", "ended", "other"; "since N" and "until N" in front limit a line to server versions.
/// Exchanges/README.md tells it by example.
/// </summary>
public static class ExchangeFile
{
    private const int NewestVersion = 99;

    public static IReadOnlyList<Exchange> All { get; } = [.. Directory.GetFiles(ExchangesDirectory(), "*.txt")
        .Order(StringComparer.Ordinal)
        .SelectMany(path => Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllLines(path)))];

    public static IEnumerable<Exchange> For(PostgresVersion version) =>
        All.Where(exchange => exchange.On(version).Any());

    public static IEnumerable<Exchange> Parse(string file, IReadOnlyList<string> lines)
    {
        string? title = null;
        var steps = new List<ExchangeStep>();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                if (title is not null)
                    yield return new Exchange(file, title, [.. steps]);
                title = line[3..];
                steps.Clear();
                continue;
            }
            try
            {
                steps.Add(Step(i + 1, new ExchangeTokens(line)));
            }
            catch (Exception exception) when (exception is FormatException or IndexOutOfRangeException)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{file}.txt:{i + 1}: {exception.Message}"), exception);
            }
        }
        if (title is not null)
            yield return new Exchange(file, title, [.. steps]);
    }

    private static ExchangeStep Step(int line, ExchangeTokens tokens)
    {
        var since = tokens.TryWord("since") ? tokens.Number() : 0;
        var until = tokens.TryWord("until") ? tokens.Number() : NewestVersion;
        var step = new ExchangeStep(line, since, until, ExchangeAction.Send, [], "");
        var word = tokens.Word();
        step = word switch
        {
            "<" => Receive(step, tokens),
            "refused" => step with { Action = ExchangeAction.Refused, Text = tokens.Word() },
            "ended" => step with { Action = ExchangeAction.Ended, Text = tokens.Word() },
            "cancel" => step with { Action = ExchangeAction.Cancel },
            "other" => step with { Action = ExchangeAction.Other, Text = tokens.Text() },
            _ => step with { Bytes = Message(word, tokens) },
        };
        return tokens.AtEnd ? step : throw new FormatException("The line has more than was expected.");
    }

    private static byte[] Message(string letter, ExchangeTokens tokens) => letter switch
    {
        "Q" => PostgresRequests.Query(tokens.Text()),
        "P" => PostgresRequests.Parse(tokens.Name(), tokens.Text(), ParameterTypes(tokens)),
        "B" => Bind(tokens),
        "D" => Kind(tokens) == "S" ? PostgresRequests.DescribeStatement(tokens.Name()) : PostgresRequests.DescribePortal(tokens.Name()),
        "E" => PostgresRequests.Execute(tokens.Name(), tokens.AtEnd ? 0 : tokens.Number()),
        "C" => Kind(tokens) == "S" ? PostgresRequests.CloseStatement(tokens.Name()) : PostgresRequests.ClosePortal(tokens.Name()),
        "H" => PostgresRequests.Flush(),
        "S" => PostgresRequests.Sync(),
        "d" => PostgresRequests.CopyData(tokens.Value()),
        "c" => PostgresRequests.CopyDone(),
        "f" => PostgresRequests.CopyFail(tokens.Text()),
        "X" => PostgresRequests.Terminate(),
        "raw" => tokens.Value()!,
        _ => throw new FormatException($"Unknown message \"{letter}\"."),
    };

    private static string Kind(ExchangeTokens tokens) =>
        tokens.Word() is ("S" or "P") and var kind ? kind : throw new FormatException("S (statement) or P (portal) expected.");

    private static int[] ParameterTypes(ExchangeTokens tokens)
    {
        var types = new List<int>();
        while (!tokens.AtEnd)
            types.Add(tokens.Number());
        return [.. types];
    }

    // B portal statement [values] [in formats] [out formats]
    private static byte[] Bind(ExchangeTokens tokens)
    {
        var (portal, statement) = (tokens.Name(), tokens.Name());
        var values = new List<byte[]?>();
        var (valueFormats, resultFormats) = (new List<short>(), new List<short>());
        while (!tokens.AtEnd)
        {
            var formats = tokens.TryWord("in") ? valueFormats : tokens.TryWord("out") ? resultFormats : null;
            if (formats is null)
                values.Add(tokens.Value());
            while (formats is not null && tokens.NextIsNumber)
                formats.Add((short)tokens.Number());
        }
        return PostgresRequests.Bind(portal, statement, [.. values], [.. valueFormats], [.. resultFormats]);
    }

    // < T D*3 C Z
    private static ExchangeStep Receive(ExchangeStep step, ExchangeTokens tokens)
    {
        var types = new StringBuilder();
        while (!tokens.AtEnd)
        {
            var word = tokens.Word();
            if (word == "end")
                return step with { Action = ExchangeAction.ReceiveToEnd, Text = types.ToString() };
            if (word.Length > 1 && word[1] != '*')
                throw new FormatException($"A frame type is one letter, perhaps with *N: {word}");
            types.Append(word[0], word.Length > 2 ? int.Parse(word.AsSpan(2), CultureInfo.InvariantCulture) : 1);
        }
        return step with { Action = ExchangeAction.Receive, Text = types.ToString() };
    }

    private static string ExchangesDirectory([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "Exchanges");
}
