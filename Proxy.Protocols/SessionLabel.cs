using System.Text;
using Proxy.Core.Policy;

namespace Proxy.Protocols;

/// <summary>
/// How a session is called at its server, so that the server's own logs and activity views join with the record: the session's id (the record's, in
/// its form without dashes), who acts, and for whom. The names are cut and reduced to harmless characters: what counts is the id.
/// </summary>
public static class SessionLabel
{
    /// <summary>NAMEDATALEN - 1 of PostgreSQL: a longer application_name is cut by the server.</summary>
    public const int TextBytesMax = 63;

    private const string Unknown = "-";

    /// <summary><c>ID agent human</c>, printable ASCII, at most <see cref="TextBytesMax"/> bytes.</summary>
    public static string Text(Guid sessionId, Principal principal)
    {
        var id = sessionId.ToString("N");
        var room = TextBytesMax - id.Length - 2;
        var agent = Reduced(AgentOf(principal));
        var human = Reduced(principal.Human ?? Unknown);
        // Each has half of the room, and what the other leaves.
        var half = room / 2;
        var forAgent = Math.Min(agent.Length, Math.Max(half, room - human.Length));
        return $"{id} {agent[..forAgent]} {human[..Math.Min(human.Length, room - forAgent)]}";
    }

    /// <summary>The same as connection attributes of MySQL, each value at most 255 bytes of printable ASCII.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Attributes(Guid sessionId, Principal principal)
    {
        yield return new("program_name", "phigate");
        yield return new("phigate_session", sessionId.ToString("N"));
        yield return new("phigate_agent", Cut(Reduced(AgentOf(principal))));
        yield return new("phigate_human", Cut(Reduced(principal.Human ?? Unknown)));
    }

    private static string AgentOf(Principal principal) => principal.Agent ?? principal.Subject;

    private static string Cut(string value) => value.Length > 255 ? value[..255] : value;

    /// <summary>Letters, digits and what names and addresses are made of; a log line or a report must not be forged by a name.</summary>
    private static string Reduced(string name)
    {
        if (name.Length == 0) return Unknown;
        var reduced = new StringBuilder(name.Length);
        foreach (var letter in name)
            reduced.Append(char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '@' or ':' or '/' or '+' ? letter : '_');
        return reduced.ToString();
    }
}
