using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Twins;

/// <summary>Sends each statement to both twins, within a transaction that is taken back, and compares every byte of the answers.</summary>
internal sealed class TwinRun(ClientEndpoint one, ClientEndpoint other) : IAsyncDisposable
{
    private WireClient? _first;
    private WireClient? _second;

    public int Compared { get; private set; }

    public int Answered { get; private set; }

    public int Failed { get; private set; }

    public int Refused { get; private set; }

    public List<string> Differences { get; } = [];

    /// <summary>What was refused or failed, and why.</summary>
    public List<string> Notes { get; } = [];

    public async Task CompareAsync(string statement)
    {
        var a = await PlayAsync(_first ??= await WireClient.OpenAsync(one), statement);
        var b = await PlayAsync(_second ??= await WireClient.OpenAsync(other), statement);
        if (a is [.., { Type: 'X' }] || b is [.., { Type: 'X' }])
        {
            Notes.Add($"session ended: {statement}");
            await DisposeAsync();
        }
        Compared++;
        if (!statement.Contains("order by", StringComparison.Ordinal))
            (a, b) = (Sorted(a), Sorted(b));
        if (!a.SequenceEqual(b))
        {
            var place = a.Zip(b).TakeWhile(static pair => pair.First.Equals(pair.Second)).Count();
            Differences.Add($"{statement}\n  {a.ElementAtOrDefault(place)}\n  {b.ElementAtOrDefault(place)}");
        }
        var error = a.FirstOrDefault(static frame => frame.Type == WireFrame.ErrorResponse);
        if (error is null)
        {
            Answered++;
            return;
        }
        var isRefusal = error.Field('D')?.StartsWith("phigate code=", StringComparison.Ordinal) ?? false;
        if (isRefusal)
            Refused++;
        else
            Failed++;
        Notes.Add($"{(isRefusal ? "refused" : "failed")}: {statement}: {error.Field('M')} {error.Field('D')}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { _first, _second })
            if (client is not null)
                await client.DisposeAsync();
        (_first, _second) = (null, null);
    }

    /// <summary>Rows that nobody ordered come as they are stored, which follows their sizes and the partition that each is in.</summary>
    private static IReadOnlyList<WireFrame> Sorted(IReadOnlyList<WireFrame> frames) =>
        [.. frames.OrderBy(static frame => frame.Type).ThenBy(static frame => Convert.ToHexString(frame.Body), StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<WireFrame>> PlayAsync(WireClient client, string statement)
    {
        var frames = new List<WireFrame>();
        try
        {
            await client.QueryAsync("begin");
            frames.AddRange(await client.QueryAsync(statement));
            await client.SendAsync(PostgresRequests.Query("rollback"));
            if (await client.ReceiveUntilReadyAsync() is [.., { Type: WireFrame.ReadyForQuery }])
                return frames;
        }
        catch (IOException)
        {
            // The gateway has ended the session.
        }
        return [.. frames, new WireFrame('X', [])];
    }
}
