using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>Database Activity Streams, decrypted: a <c>databaseActivityEventList</c>, or one of its events, a line.</summary>
internal static class ActivityStreamLog
{
    public static async IAsyncEnumerable<ServerStatement> ReadAsync(TextReader log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long line = 0;
        while (await log.ReadLineAsync(cancellationToken) is { } next)
        {
            line++;
            foreach (var statement in Read(line, next))
                yield return statement;
        }
    }

    private static IEnumerable<ServerStatement> Read(long line, string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        using var document = JsonDocument.Parse(text);
        JsonElement[] events = document.RootElement.TryGetProperty("databaseActivityEventList", out var list) ? [.. list.EnumerateArray()] : [document.RootElement];
        return [.. events.Select(one => Read(line, one)).OfType<ServerStatement>()];
    }

    private static ServerStatement? Read(long line, JsonElement one)
    {
        string Text(string name) => one.TryGetProperty(name, out var value) ? value.ToString() : "";
        return Text("commandText") is { Length: > 0 } command && Text("command") is not "CONNECT" and not "DISCONNECT"
            && DateTimeOffset.TryParse(Text("logTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new ServerStatement(line, time, Text("dbUserName"), Text("databaseName"), Text("sessionId"), Text("clientApplication"), command)
            : null;
    }
}
