using System.Globalization;
using System.Runtime.CompilerServices;

namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>PostgreSQL's csvlog: https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG.</summary>
internal static class CsvLog
{
    private const int Time = 0;
    private const int User = 1;
    private const int Database = 2;
    private const int Process = 3;
    private const int Message = 13;
    private const int Application = 22;

    public static async IAsyncEnumerable<ServerStatement> ReadAsync(TextReader log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (line, fields) in DelimitedRecords.ReadAsync(log, '"', hasEscapes: false, cancellationToken))
            if (fields.Count > Application && PostgresMessage.TextOf(fields[Message]) is { } text && TryTime(fields[Time], out var time))
                yield return new ServerStatement(line, time, fields[User], fields[Database], fields[Process], fields[Application], text);
    }

    /// <summary><c>2026-11-26 02:14:57.123 UTC</c>; a name of a zone that is not UTC is read as UTC, so set log_timezone.</summary>
    internal static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(
            string.Join(' ', text.Split(' ').Take(2)), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
