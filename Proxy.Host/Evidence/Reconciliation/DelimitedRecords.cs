using System.Runtime.CompilerServices;
using System.Text;

namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>Records of fields between commas, some of them in quotes and over several lines.</summary>
internal static class DelimitedRecords
{
    /// <summary>Longer ones are no log.</summary>
    private const int RecordCharactersMax = 64 << 20;

    /// <summary>Each record with the line that it begins on.</summary>
    /// <param name="log">The log.</param>
    /// <param name="quote">Around fields; doubled within, or behind a backslash where <paramref name="hasEscapes"/>.</param>
    /// <param name="hasEscapes">Whether a backslash takes the meaning from the next character.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<(long Line, List<string> Fields)> ReadAsync(
        TextReader log, char quote, bool hasEscapes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long line = 0;
        var record = new StringBuilder();
        while (await log.ReadLineAsync(cancellationToken) is { } next)
        {
            line++;
            var begin = line;
            record.Clear().Append(next);
            List<string>? fields;
            while ((fields = Split(record.ToString(), quote, hasEscapes)) is null && record.Length < RecordCharactersMax
                && await log.ReadLineAsync(cancellationToken) is { } more)
            {
                line++;
                record.Append('\n').Append(more);
            }
            if (fields is not null) yield return (begin, fields);
        }
    }

    /// <summary>Null when a quote is still open.</summary>
    internal static List<string>? Split(string record, char quote, bool hasEscapes)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < record.Length; i++)
        {
            var character = record[i];
            if (isQuoted && hasEscapes && character == '\\' && i + 1 < record.Length)
                field.Append(record[++i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var itself => itself });
            else if (isQuoted && character == quote && i + 1 < record.Length && record[i + 1] == quote && !hasEscapes)
                field.Append(record[++i]);
            else if (character == quote && (isQuoted || field.Length == 0))
                isQuoted = !isQuoted;
            else if (character == ',' && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(character);
        }
        fields.Add(field.ToString());
        return isQuoted ? null : fields;
    }
}
