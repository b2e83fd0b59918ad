using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>One session behind the gateway and one beside it, which get the same sequences. Kept for many sequences; a failed one is thrown away.</summary>
internal sealed class ModelPair : IAsyncDisposable
{
    private readonly DialectSession _gateway;
    private readonly IConnection _direct;
    private readonly ModelCanceller[] _cancellers;
    private readonly ModelPlayer _behind;
    private readonly ModelPlayer _beside;

    private ModelPair(DialectSession gateway, IConnection direct, ModelCanceller[] cancellers, TimeSpan deadline)
    {
        _gateway = gateway;
        _direct = direct;
        _cancellers = cancellers;
        _behind = new ModelPlayer(gateway.Client, isGateway: true, deadline, cancellers[0]);
        _beside = new ModelPlayer(direct, isGateway: false, deadline, cancellers[1]);
    }

    /// <summary>How many statements were cancelled through the gateway.</summary>
    public int CancelCount => _cancellers[0].Count;

    public static async Task<ModelPair> OpenAsync(DialectHarness harness, PostgresServer server, string beside, int worker, TimeSpan deadline)
    {
        var path = new KeyValuePair<string, string>("search_path", $"w{worker}, public");
        var gateway = await harness.OpenAsync(path);
        var (direct, key) = await DialectHarness.OpenDirectAsync(server, beside, path);
        ModelCanceller[] cancellers =
        [
            new(server, gateway.ServerKey.ProcessId, () => ModelCancels.CancelAsync(harness, gateway)),
            new(server, key.ProcessId, () => DialectHarness.CancelOnceAsync(server, key)),
        ];
        var pair = new ModelPair(gateway, direct, cancellers, deadline);
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
        foreach (var canceller in _cancellers)
            await canceller.DisposeAsync();
    }

    /// <summary>Frames, transaction state, and names as the ledger and both servers see them.</summary>
    private async Task<string?> DifferenceAsync()
    {
        if (FrameDifference() is { } difference) return difference;
        if (_behind.Status != _beside.Status) return $"the client was told {_behind.Status}, the server is in {_beside.Status}";
        if (_behind.Status == 'E') return null; // Names can only be asked one by one now; the end of the sequence does.
        var (statements, portals) = _gateway.Dialect.ConfirmedNames();
        return await PlayBothAsync(Send(ModelNames.Probe), frames => ModelNames.Compare(frames, statements, portals)) is { } wrong ? $"names: {wrong}" : null;
    }

    /// <summary>Every name there can be; then what was really written; then a clean table.</summary>
    private async Task<string?> FinalDifferenceAsync()
    {
        var (statements, portals) = _gateway.Dialect.ConfirmedNames();
        var asked = ModelNames.AskedPortals(_beside.Status, portals);
        if (await PlayBothAsync(Send(ModelNames.ProbeEach(asked)), frames => ModelNames.CompareEach(frames, asked, statements, portals)) is { } wrong)
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

    private static ModelStep Send(byte[] bytes) => new(ModelAction.Barrier, "", bytes, bytes);

    private async Task<string?> PlayBothAsync(ModelStep step, Func<IReadOnlyList<WireFrame>, string?>? compare = null)
    {
        await Task.WhenAll(_behind.PlayAsync(step), _beside.PlayAsync(step));
        var direct = _beside.TakeFrames();
        return ModelFrames.Difference(_behind.TakeFrames(), direct) ?? compare?.Invoke(direct);
    }

    private string? FrameDifference() => ModelFrames.Difference(_behind.TakeFrames(), _beside.TakeFrames());
}
