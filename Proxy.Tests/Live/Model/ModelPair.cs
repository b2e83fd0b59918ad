using System.Text;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>One session behind the gateway and one beside it, which get the same sequences. Kept for many sequences; a failed one is thrown away.</summary>
internal sealed class ModelPair : IAsyncDisposable
{
    private const string Probe = "select 's:' || name from pg_prepared_statements union all select 'p:' || name from pg_cursors";
    private static readonly string[] StatementNames = ["", "s1", "s2", "s3", "u1", "r1"];
    private static readonly string[] PortalNames = ["p1", "p2", "p3", "c1", "c2", ""];
    private readonly DialectSession _gateway;
    private readonly IConnection _direct;
    private readonly ModelPlayer _behind;
    private readonly ModelPlayer _beside;

    private ModelPair(DialectSession gateway, IConnection direct, TimeSpan deadline)
    {
        _gateway = gateway;
        _direct = direct;
        _behind = new ModelPlayer(gateway.Client, isGateway: true, deadline);
        _beside = new ModelPlayer(direct, isGateway: false, deadline);
    }

    public static async Task<ModelPair> OpenAsync(DialectHarness harness, PostgresServer server, string beside, int worker, TimeSpan deadline)
    {
        var path = new KeyValuePair<string, string>("search_path", $"w{worker}, public");
        var pair = new ModelPair(await harness.OpenAsync(path), await DialectHarness.OpenDirectAsync(server, beside, path), deadline);
        await pair.CleanAsync(); // A failed sequence of other sessions may have left rows on one side only.
        return pair;
    }

    /// <summary>Plays a sequence on both sides, comparing at every wait, and cleans up.</summary>
    /// <returns>What is wrong, or null.</returns>
    public async Task<string?> PlayAsync(IReadOnlyList<ModelStep> sequence)
    {
        var position = 0;
        try
        {
            for (; position < sequence.Count; position++)
            {
                var step = sequence[position];
                await Task.WhenAll(_behind.PlayAsync(step), _beside.PlayAsync(step));
                if (step.Action is ModelAction.Barrier && await DifferenceAsync() is { } wrong) return $"at step {position}: {wrong}";
            }

            if (await PlayBothAsync(Send([])) is { } last) return $"at the end: {last}";
            return await FinalDifferenceAsync();
        }
        catch (Exception reason) when (reason is TimeoutException or EndOfStreamException or IOException or InvalidOperationException)
        {
            return $"at step {position}: {reason.Message}\nsession: {_gateway.Reason}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _direct.DisposeAsync();
    }

    /// <summary>Frames, transaction state, and names as the ledger and both servers see them.</summary>
    private async Task<string?> DifferenceAsync()
    {
        if (FrameDifference() is { } difference) return difference;
        if (_behind.Status != _beside.Status) return $"the client was told {_behind.Status}, the server is in {_beside.Status}";
        if (_behind.Status == 'E') return null; // Names can only be asked one by one now; the end of the sequence does.
        var (statements, portals) = _gateway.Dialect.ConfirmedNames();
        if (await PlayBothAsync(Send(
                [
                    .. PostgresRequests.Parse("probe", Probe), .. PostgresRequests.Bind("probe", "probe"), .. PostgresRequests.Execute("probe"),
                    .. PostgresRequests.CloseStatement("probe"), .. PostgresRequests.ClosePortal("probe"),
                ]), frames => CompareNames(frames, statements, portals)) is { } wrong)
            return $"names: {wrong}";
        return null;
    }

    private static string? CompareNames(IReadOnlyList<WireFrame> frames, IReadOnlyList<string> statements, IReadOnlyList<string> portals)
    {
        var server = frames.Where(frame => frame.Type == 'D').Select(frame => Encoding.UTF8.GetString(frame.Body.AsSpan(6)))
            .Where(name => name is not ("s:probe" or "p:probe")).Order(StringComparer.Ordinal).ToList();
        var ledger = statements.Where(name => name.Length > 0).Select(name => $"s:{name}").Concat(portals.Select(name => $"p:{name}"))
            .Order(StringComparer.Ordinal).ToList();
        return server.SequenceEqual(ledger) ? null : $"the ledger has {string.Join(" ", ledger)}; the server has {string.Join(" ", server)}";
    }

    /// <summary>Every name there can be, one by one, in whatever state the session is; then what was really written; then a clean table.</summary>
    private async Task<string?> FinalDifferenceAsync()
    {
        var (statements, portals) = _gateway.Dialect.ConfirmedNames();
        var questions = new List<byte>();
        foreach (var name in StatementNames)
            questions.AddRange([.. PostgresRequests.DescribeStatement(name), .. PostgresRequests.Sync()]);
        // A Query or Bind that failed in a block leaves its portal behind, dead but with a name, until the block ends. Nobody can use it.
        string[] asked = _beside.Status == 'E' ? [.. portals] : PortalNames;
        foreach (var name in asked)
            questions.AddRange([.. PostgresRequests.DescribePortal(name), .. PostgresRequests.Sync()]);
        if (await PlayBothAsync(Send([.. questions]), frames => CompareExistence(frames, asked, statements, portals)) is { } wrong)
            return $"names at the end: {wrong}";
        return await RunAsync("rollback", "discard all", "select what from log order by id") ?? await CleanAsync();
    }

    private Task<string?> CleanAsync() => RunAsync("delete from log", "select setval('log_id_seq', 1, false)");

    private async Task<string?> RunAsync(params string[] texts)
    {
        foreach (var text in texts)
            if (await PlayBothAsync(Send(PostgresRequests.Query(text))) is { } wrong)
                return $"{text}: {wrong}";
        return null;
    }

    private static string? CompareExistence(
        IReadOnlyList<WireFrame> frames, string[] asked, IReadOnlyList<string> statements, IReadOnlyList<string> portals)
    {
        var answer = 0;
        string? code = null;
        foreach (var frame in frames)
        {
            if (frame.Type == WireFrame.ErrorResponse) code = frame.Field('C');
            if (frame.Type != WireFrame.ReadyForQuery) continue;
            if (answer == StatementNames.Length + asked.Length) break; // What follows are the player's marks.
            var isStatement = answer < StatementNames.Length;
            var name = isStatement ? StatementNames[answer] : asked[answer - StatementNames.Length];
            var exists = code is not ("26000" or "34000");
            if (exists != (isStatement ? statements : portals).Contains(name))
                return $"{(isStatement ? "statement" : "portal")} '{name}' {(exists ? "exists" : "does not exist")} at the server; the ledger believes otherwise";
            code = null;
            answer++;
        }

        return null;
    }

    private static ModelStep Send(byte[] gateway, byte[]? direct = null) => new(ModelAction.Barrier, "", gateway, direct ?? gateway);

    private async Task<string?> PlayBothAsync(ModelStep step, Func<IReadOnlyList<WireFrame>, string?>? compare = null)
    {
        await Task.WhenAll(_behind.PlayAsync(step), _beside.PlayAsync(step));
        var direct = _beside.TakeFrames();
        return ModelFrames.Difference(_behind.TakeFrames(), direct) ?? compare?.Invoke(direct);
    }

    private string? FrameDifference() => ModelFrames.Difference(_behind.TakeFrames(), _beside.TakeFrames());
}
