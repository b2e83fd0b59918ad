using System.Globalization;
using System.Text;

namespace Proxy.Protocols.MySql;

/// <summary>
/// KILL [CONNECTION | QUERY] n, in the forms that drivers send to cancel a statement. Another form is a text like any other, and judged as one.
/// </summary>
internal readonly record struct KillCommand(bool IsQuery, uint ThreadId)
{
    private const int TextBytesMax = 64;

    public static bool TryParse(ReadOnlySpan<byte> text, out KillCommand command)
    {
        command = default;
        // A NUL behind a number is no part of it to whoever parses it below.
        if (text.Length > TextBytesMax || !Ascii.IsValid(text) || text.Contains((byte)0)) return false;
        var words = Encoding.ASCII.GetString(text).TrimEnd(' ', ';').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isQuery = words.Length == 3 && words[1].Equals("QUERY", StringComparison.OrdinalIgnoreCase);
        var isConnection = words.Length == 2 || (words.Length == 3 && words[1].Equals("CONNECTION", StringComparison.OrdinalIgnoreCase));
        if (words.Length < 2 || !words[0].Equals("KILL", StringComparison.OrdinalIgnoreCase) || !(isQuery || isConnection)
            || !uint.TryParse(words[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var thread))
            return false;
        command = new KillCommand(isQuery, thread);
        return true;
    }

    /// <summary>The same, of the server's thread.</summary>
    public string TextFor(uint serverThread) => string.Create(CultureInfo.InvariantCulture, $"KILL {(IsQuery ? "QUERY" : "CONNECTION")} {serverThread}");
}
