using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>
/// The general log of MariaDB and MySQL in a file: time (left out while it stays the same), connection, command and argument. Who a connection is was
/// said when it connected. Prepared statements appear with their parameters in the text, when they are executed.
/// </summary>
internal static partial class GeneralLog
{
    public static async IAsyncEnumerable<ServerStatement> ReadAsync(TextReader log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connections = new Dictionary<string, (string User, string Database)>();
        var argument = new StringBuilder();
        var time = DateTimeOffset.MinValue;
        Match? head = null;
        long line = 0, begin = 0;
        while (await log.ReadLineAsync(cancellationToken) is { } next)
        {
            line++;
            if (Head().Match(next) is not { Success: true } match)
            {
                if (head is not null) argument.Append('\n').Append(next);
                continue;
            }
            if (Statement(head, begin, time, argument.ToString(), connections) is { } statement) yield return statement;
            (head, begin) = (match, line);
            time = TimeOf(match.Groups["time"].Value) ?? time;
            argument.Clear().Append(match.Groups["argument"].Value);
        }
        if (Statement(head, begin, time, argument.ToString(), connections) is { } last) yield return last;
    }

    private static ServerStatement? Statement(
        Match? head, long line, DateTimeOffset time, string argument, Dictionary<string, (string User, string Database)> connections)
    {
        if (head is null) return null;
        var connection = head.Groups["connection"].Value;
        switch (head.Groups["command"].Value)
        {
            case "Connect" when Connect().Match(argument) is { Success: true } connected:
                connections[connection] = (connected.Groups["user"].Value, connected.Groups["database"].Value);
                return null;
            case "Init DB" when connections.TryGetValue(connection, out var known):
                connections[connection] = (known.User, argument);
                return null;
            case "Quit":
                connections.Remove(connection);
                return null;
            case "Query" or "Execute":
                var (user, database) = connections.GetValueOrDefault(connection, ("", ""));
                return new ServerStatement(line, time, user, database, connection, "", argument);
            default:
                return null;
        }
    }

    /// <summary>MariaDB writes <c>261126  2:14:57</c> in local time, MySQL ISO 8601.</summary>
    private static DateTimeOffset? TimeOf(string text)
    {
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        if (DateTimeOffset.TryParseExact(text.Trim(), ["yyMMdd H:mm:ss", "yyMMdd  H:mm:ss", "yyMMdd HH:mm:ss"], CultureInfo.InvariantCulture, style, out var time)) return time;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, style, out time) ? time : null;
    }

    [GeneratedRegex(@"^(?<time>\d{6}\s+\d{1,2}:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+Z?|)\t\s*(?<connection>\d+) (?<command>Connect|Query|Execute|Prepare|Init DB|Quit|Close stmt|Reset stmt|Field List|Change user|Statistics|Ping|Fetch|Long Data|Kill|Refresh|Shutdown|Set option|Reset connection)\s?\t?(?<argument>.*)$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^(?<user>[^@\s]*)@\S*(?: as \S*)?(?: on (?<database>\S*))?")]
    private static partial Regex Connect();
}
