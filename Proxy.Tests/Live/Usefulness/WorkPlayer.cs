using System.Text;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>Plays a case in a session of its own.</summary>
internal static class WorkPlayer
{
    private static readonly char[] NotCompared = ['S', 'A'];

    /// <summary>What was received, without what may come at any time.</summary>
    /// <param name="name">The database's name, which is written as <paramref name="commonName"/>; of the same length.</param>
    public static async Task<IReadOnlyList<WireFrame>> PlayAsync(WorkCase work, ClientEndpoint endpoint, string name, string commonName)
    {
        await using var client = await WireClient.OpenAsync(endpoint);
        var received = new List<WireFrame>();
        foreach (var step in work.Steps)
        {
            await client.SendAsync(Messages(step));
            var replies = await client.ReceiveUntilReadyAsync();
            received.AddRange(replies.Where(frame => !NotCompared.Contains(frame.Type)).Select(frame => Renamed(frame, name, commonName)));
            if (replies is not [.., { Type: WireFrame.ReadyForQuery }])
                break;
        }
        return received;
    }

    private static byte[] Messages(WorkStep step)
    {
        byte[] statement = step.Parameters is { } parameters
            ? [.. PostgresRequests.Parse("", step.Sql), .. PostgresRequests.Bind("", "", [.. parameters]), .. PostgresRequests.DescribePortal(""),
                .. PostgresRequests.Execute(""), .. PostgresRequests.Sync()]
            : PostgresRequests.Query(step.Sql);
        return step.Data is { } data
            ? [.. statement, .. PostgresRequests.CopyData(Encoding.UTF8.GetBytes(data)), .. PostgresRequests.CopyDone()]
            : statement;
    }

    /// <summary>Also without the numbers of tables, which temporary ones get as they come.</summary>
    private static WireFrame Renamed(WireFrame frame, string name, string commonName)
    {
        if (frame.Type == 'T')
            return frame with { Body = WithoutTables(frame.Body) };
        var text = Encoding.Latin1.GetString(frame.Body);
        return text.Contains(name, StringComparison.Ordinal)
            ? frame with { Body = Encoding.Latin1.GetBytes(text.Replace(name, commonName, StringComparison.Ordinal)) }
            : frame;
    }

    private static byte[] WithoutTables(byte[] description)
    {
        const int tableBytes = 4;
        const int othersBytes = 14;
        byte[] body = [.. description];
        for (var at = 2; at < body.Length; at += tableBytes + othersBytes)
        {
            at += body.AsSpan(at).IndexOf((byte)0) + 1;
            body.AsSpan(at, tableBytes).Clear();
        }
        return body;
    }
}
