using System.Globalization;
using System.Runtime.CompilerServices;

namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>
/// MariaDB's server_audit and Aurora MySQL's audit log: timestamp, host of the server, user, host, connection, query, operation, database, object, return
/// code. The timestamp is <c>20261126 02:14:57</c>, at Aurora microseconds since 1970.
/// </summary>
internal static class ServerAuditLog
{
    private const int User = 2;
    private const int Connection = 4;
    private const int Operation = 6;
    private const int Database = 7;
    private const int Text = 8;

    public static async IAsyncEnumerable<ServerStatement> ReadAsync(TextReader log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (line, fields) in DelimitedRecords.ReadAsync(log, '\'', hasEscapes: true, cancellationToken))
            if (fields.Count > Text && fields[Operation] == "QUERY" && TimeOf(fields[0]) is { } time)
                yield return new ServerStatement(line, time, fields[User], fields[Database], fields[Connection], "", fields[Text]);
    }

    private static DateTimeOffset? TimeOf(string text)
    {
        if (DateTimeOffset.TryParseExact(
            text, "yyyyMMdd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        return long.TryParse(text, CultureInfo.InvariantCulture, out var microseconds) ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond) : null;
    }
}
