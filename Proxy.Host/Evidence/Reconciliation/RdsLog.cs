using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>PostgreSQL's stderr under the prefix that RDS sets, <c>%t:%r:%u@%d:[%p]:</c>. A line that begins with a tab goes on with the one before.</summary>
internal static partial class RdsLog
{
    public static async IAsyncEnumerable<ServerStatement> ReadAsync(TextReader log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var message = new StringBuilder();
        Match? head = null;
        long line = 0, begin = 0;
        while (await log.ReadLineAsync(cancellationToken) is { } next)
        {
            line++;
            if (next.StartsWith('\t') && head is not null)
            {
                message.Append('\n').Append(next, 1, next.Length - 1);
                continue;
            }
            if (Statement(head, begin, message) is { } statement) yield return statement;
            head = Prefix().Match(next) is { Success: true } match ? match : null;
            begin = line;
            message.Clear().Append(head is null ? "" : next[head.Length..]);
        }
        if (Statement(head, begin, message) is { } last) yield return last;
    }

    private static ServerStatement? Statement(Match? head, long line, StringBuilder message) =>
        head is not null && PostgresMessage.TextOf(message.ToString()) is { } text && CsvLog.TryTime(head.Groups["time"].Value, out var time)
            ? new ServerStatement(line, time, head.Groups["user"].Value, head.Groups["database"].Value, head.Groups["process"].Value, "", text)
            : null;

    [GeneratedRegex(@"^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w+):(?<client>[^:]*(?::[0-9a-f:.]*)?(?:\(\d+\))?):(?<user>[^@]*)@(?<database>[^:]*):\[(?<process>\d+)\]:LOG:\s+")]
    private static partial Regex Prefix();
}
