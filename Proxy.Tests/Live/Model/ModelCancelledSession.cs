using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>
/// One session behind the gateway whose statements are cancelled at random moments, by requests that race with what is sent. What that hits differs
/// from run to run, so there is nothing to compare the frames with; the names that the ledger believes in must be the server's all the same.
/// </summary>
internal sealed class ModelCancelledSession(DialectHarness harness, DialectSession gateway, Random random, TimeSpan deadline) : IAsyncDisposable
{
    private const string Cancelled = "57014";
    private readonly ModelPlayer _player = new(gateway.Client, isGateway: true, deadline);

    private readonly HashSet<string> _prepared = [];
    private readonly HashSet<string> _unconfirmed = [];

    /// <summary>How many statements have failed because they were cancelled.</summary>
    public int HitCount { get; private set; }

    /// <returns>What is wrong, or null.</returns>
    public async Task<string?> PlayAsync(IReadOnlyList<ModelStep> sequence)
    {
        var position = 0;
        try
        {
            for (; position < sequence.Count; position++)
            {
                var step = sequence[position];
                if (step.Action is ModelAction.Barrier or ModelAction.FlushBarrier)
                {
                    // Over before the wait is: a late one would hit what asks for the names.
                    for (var i = random.Next(4); i > 0; i--)
                    {
                        await Task.Delay(TimeSpan.FromMicroseconds(random.Next(3000)));
                        await ModelCancels.CancelAsync(harness, gateway);
                    }
                }

                if (ModelNames.PreparedLast(step.Gateway) is { } name) _prepared.Add(name);
                await _player.PlayAsync(step);
                if (step.Action is ModelAction.Barrier && await DifferenceAsync() is { } wrong) return $"at step {position}: {wrong}";
            }

            await SendAsync([]);
            var (statements, portals) = gateway.Dialect.ConfirmedNames();
            var asked = ModelNames.AskedPortals(_player.Status, portals);
            if (ModelNames.CompareEach(await SendAsync(ModelNames.ProbeEach(asked)), asked, statements, portals) is { } last) return $"names at the end: {last}";
            await SendAsync(PostgresRequests.Query("rollback"));
            await SendAsync(PostgresRequests.Query("discard all"));
            _unconfirmed.Clear();
            return null;
        }
        catch (Exception reason) when (reason is TimeoutException or EndOfStreamException or IOException or InvalidOperationException)
        {
            return $"at step {position}: {reason.Message}\nsession: {gateway.Reason}";
        }
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    private async Task<string?> DifferenceAsync()
    {
        var hits = HitCount;
        Take();
        // What was cancelled may have been the commit of a text whose PREPARE was done.
        if (HitCount > hits) _unconfirmed.UnionWith(_prepared);
        _prepared.Clear();
        if (_player.Status == 'E') return null; // Names can only be asked one by one now; the end of the sequence does.
        var (statements, portals) = gateway.Dialect.ConfirmedNames();
        return ModelNames.Compare(await SendAsync(ModelNames.Probe), statements, portals, _unconfirmed);
    }

    private async Task<IReadOnlyList<WireFrame>> SendAsync(byte[] bytes)
    {
        Take();
        await _player.PlayAsync(new ModelStep(ModelAction.Barrier, "", bytes, bytes));
        return Take();
    }

    private IReadOnlyList<WireFrame> Take()
    {
        var frames = _player.TakeFrames();
        HitCount += frames.Count(frame => frame.Type == WireFrame.ErrorResponse && frame.Field('C') == Cancelled);
        return frames;
    }
}
