using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Proxy.Tests.Fuzz;

/// <summary>
/// A valid conversation of the committed corpus, as the gateway has it with the server: "&gt;" what the client sends, "&lt;" what the server
/// answers (to the gateway's own messages too), then the type and the body, in which bytes that cannot be read are \xx. One file each, in Corpus.
/// </summary>
public sealed record Conversation(string Name, IReadOnlyList<Line> Lines)
{
    /// <summary>Conversations whose server answers hold the canary in every value: none of it may be shown, however they are mixed.</summary>
    public static IReadOnlyList<Conversation> Masked { get; } = Load(name => !name.StartsWith("shown-", StringComparison.Ordinal));

    /// <summary>Conversations in which something is shown as it is: mixed with the others, they would show what a server puts there.</summary>
    public static IReadOnlyList<Conversation> Shown { get; } = Load(name => name.StartsWith("shown-", StringComparison.Ordinal));

    public IEnumerable<Line> Requests => Lines.Where(line => line.IsRequest);

    /// <summary>
    /// Whether every text is about patients. Errors of other texts (BEGIN, SET) are shown in the server's own words, so whatever a mutation makes
    /// a server say about them is shown: only here may errors and notices hold the canary.
    /// </summary>
    public bool IsAllAboutPatients { get; } = Lines
        .Where(line => line is { IsRequest: true, Type: (byte)'Q' or (byte)'P' or (byte)'B' })
        .All(line => line.Type == 'B' || line.Body.AsSpan().IndexOf("patients"u8) >= 0)
        && Lines.Any(line => line is { IsRequest: true, Type: (byte)'Q' or (byte)'P' });

    public override string ToString() => Name;

    private static Conversation[] Load(Func<string, bool> wanted) =>
    [
        .. Directory.GetFiles(CorpusDirectory(), "*.txt").Order(StringComparer.Ordinal)
            .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Path: path))
            .Where(file => wanted(file.Name))
            .Select(file => new Conversation(file.Name, [.. File.ReadAllLines(file.Path).Where(line => line is not (['#', ..] or "")).Select(Parse)])),
    ];

    private static Line Parse(string line)
    {
        if (line is not [('<' or '>') and var direction, ' ', var type, ..] || (line.Length > 3 && line[3] != ' '))
            throw new FormatException($"\"< type body\" or \"> type body\" expected: {line}");
        return new Line(direction == '>', (byte)type, Unescape(line.Length > 4 ? line[4..] : ""));
    }

    private static byte[] Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[i]]));
                continue;
            }

            bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            i += 2;
        }

        return [.. bytes];
    }

    private static string CorpusDirectory([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "Corpus");
}
