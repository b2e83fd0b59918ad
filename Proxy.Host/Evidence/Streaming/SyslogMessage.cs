using System.Globalization;
using System.Text;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>A record as a message of RFC 5424, framed by its length (RFC 5425 §4.3): number, kind and identity as structured data, the rest as JSON.</summary>
internal static class SyslogMessage
{
    /// <summary>log audit, RFC 5424 §6.2.1.</summary>
    private const int Facility = 13;
    private const string Nil = "-";

    /// <summary>Longer values are cut: a receiver may cut the whole message.</summary>
    private const int ValueCharactersMax = 256;

    /// <summary>The enterprise number that RFC 5612 sets aside for documentation: names are ours, not an enterprise's.</summary>
    private const string DataId = "phigate@32473";

    public static byte[] Of(in StreamedRecord record, string host, int processId)
    {
        var header = string.Create(
            CultureInfo.InvariantCulture,
            $"<{(Facility * 8) + SeverityOf(record)}>1 {record.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} {Token(host, 255)} phigate {processId} {record.Record.Kind} ");
        var data = new StringBuilder("[").Append(DataId);
        Append(data, "number", record.Number.ToString(CultureInfo.InvariantCulture));
        if (record.Session is { } session)
        {
            Append(data, "session", session.SessionId.ToString());
            Append(data, "subject", session.Subject);
            Append(data, "agent", session.Agent);
            Append(data, "human", session.Human);
            Append(data, "target", session.Target);
            Append(data, "client", session.ClientAddress);
        }
        data.Append("] ");
        // The byte order mark says that the message is UTF-8 (RFC 5424 §6.4). JSON has no line breaks of its own; the one at the end is not the message's.
        var json = record.Json.Span.TrimEnd((byte)'\n');
        var head = Encoding.UTF8.GetBytes(header + data);
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var length = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Length + mark.Length + json.Length} "));
        return [.. length, .. head, .. mark, .. json];
    }

    private static int SeverityOf(in StreamedRecord record) => StreamSeverities.Of(record.Record) switch
    {
        StreamSeverity.Warning => 4,
        StreamSeverity.Notice => 5,
        _ => 6,
    };

    private static void Append(StringBuilder data, string name, string value)
    {
        if (value.Length == 0) return;
        data.Append(' ').Append(name).Append("=\"");
        foreach (var character in value.AsSpan(0, Math.Min(value.Length, ValueCharactersMax)))
        {
            // RFC 5424 §6.3.3.
            if (character is '"' or '\\' or ']') data.Append('\\');
            data.Append(char.IsControl(character) ? ' ' : character);
        }
        data.Append('"');
    }

    private static string Token(string text, int max)
    {
        var printable = new string([.. text.Take(max).Select(static character => character is > ' ' and <= '~' ? character : '_')]);
        return printable.Length == 0 ? Nil : printable;
    }
}
