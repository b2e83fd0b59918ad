using System.Collections.Immutable;

namespace Proxy.Core.Journal.Heads;

/// <summary>Signs the heads that the notary has due, files them, and has them anchored. Whatever it waits for, appending does not.</summary>
internal sealed class HeadKeeper(HeadFiling filing, JournalNotary notary, JournalEvidence evidence, TimeProvider time)
{
    private static readonly TimeSpan LastAnchorPatience = TimeSpan.FromSeconds(15);
    /// <summary>A connection that the key service closed while it was idle fails once; without the last head, what follows the one before is unsigned.</summary>
    private const int LastAttemptsMax = 3;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private SignedHead? _newest;
    private SignedHead? _anchored;
    private ImmutableArray<string> _failures = [];
    private string? _signingFailure;

    /// <summary>Why the last head was not signed, or not anchored somewhere; null when it was.</summary>
    public string? Failure => Volatile.Read(ref _signingFailure) ?? (_failures is { IsEmpty: false } failures ? failures[0] : null);

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(SignAsync(stop), AnchorAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>After the notary has ended and <see cref="RunAsync"/> has returned: the last head, signed and, if that is possible soon, anchored.</summary>
    public async Task CloseAsync()
    {
        using var patience = new CancellationTokenSource(LastAnchorPatience, time);
        for (var attempt = 1; !await TryFinishAsync(patience.Token) && attempt < LastAttemptsMax && !patience.IsCancellationRequested; attempt++)
        {
        }
    }

    private async Task<bool> TryFinishAsync(CancellationToken cancellation)
    {
        try
        {
            if (notary.State is { } state && state.Size != _newest?.Head.Size)
                await FileAsync(state, cancellation);
            await AnchorNewestAsync(cancellation);
            return true;
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _signingFailure, failure.Message);
            return false;
        }
    }

    private async Task SignAsync(CancellationToken stop)
    {
        while (true)
        {
            await notary.Moved.WaitAsync(stop);
            while (notary.State is { } state && state.Size != _newest?.Head.Size)
            {
                try
                {
                    await FileAsync(state, stop);
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    Volatile.Write(ref _signingFailure, $"The journal's head is not signed: {failure.Message}");
                    await Task.Delay(RetryInterval, time, stop);
                }
            }
        }
    }

    private async Task FileAsync(TreeState state, CancellationToken cancellation)
    {
        SignedHead signed = await filing.FileAsync(state, cancellation);
        Volatile.Write(ref _newest, signed);
        Volatile.Write(ref _signingFailure, null);
    }

    private async Task AnchorAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(evidence.AnchorInterval, time);
        while (await timer.WaitForNextTickAsync(stop))
            await AnchorNewestAsync(stop);
    }

    private async Task AnchorNewestAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _newest) is not { } newest || newest == _anchored)
            return;
        ImmutableArray<string> failures = [];
        foreach (IHeadAnchor anchor in evidence.Anchors)
        {
            try
            {
                await anchor.KeepAsync(newest, cancellation);
            }
            catch (IOException failure)
            {
                failures = failures.Add($"The journal's head is not anchored by {anchor.Name}: {failure.Message}");
            }
        }
        _failures = failures;
        if (failures.IsEmpty)
            _anchored = newest;
    }
}
