using System.Globalization;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Proxy.Core.Journal.Segments;

namespace Proxy.Host.Evidence.Shipping;

/// <summary>
/// Ships every segment that has ended: the file itself, the heads since those before, and its readable part as Parquet under its day. In order, each until the
/// store has it; what was shipped is remembered in a file, and a restart goes on behind it. Lives in the control plane, away from sessions.
/// </summary>
internal sealed class SegmentShipper(string journalDirectory, string positionPath, SegmentStore store, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(10);

    private readonly ShippedStatements _statements = new(journalDirectory);
    private bool _isFailing;

    public async Task RunAsync(CancellationToken stop)
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                // Whatever it is: shipping that has ended unseen would hold the journal up some day, and nobody would know why.
                ShouldHandle = new PredicateBuilder().Handle<Exception>(_ => !stop.IsCancellationRequested),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxDelay = RetryDelayMax,
                OnRetry = retry =>
                {
                    if (!_isFailing) Log.ShippingFails(logger, retry.Outcome.Exception?.Message ?? "");
                    _isFailing = true;
                    return default;
                },
            })
            .Build();
        try
        {
            while (true)
            {
                await pipeline.ExecuteAsync(async cancellation => await ShipAsync(cancellation), stop);
                await Task.Delay(PollInterval, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process ends; the position says where to go on.
        }
    }

    private async Task ShipAsync(CancellationToken cancellationToken)
    {
        foreach (var segment in EndedSegments.Of(journalDirectory, behind: ShippingPosition.Read(positionPath)))
        {
            var heads = await ShipAsync(segment, ShippingPosition.ReadBoth(positionPath).HeadBytes, cancellationToken);
            ShippingPosition.Write(positionPath, segment.Number, heads);
            if (_isFailing) Log.ShippingResumed(logger);
            _isFailing = false;
        }
    }

    /// <returns>How many bytes of the heads the store has then.</returns>
    private async Task<long> ShipAsync(EndedSegment segment, long headBytes, CancellationToken cancellationToken)
    {
        var root = string.Create(CultureInfo.InvariantCulture, $"{segment.JournalId:D}/");
        var name = Path.GetFileNameWithoutExtension(segment.Path);
        foreach (var (day, rows) in _statements.Of(segment.Number))
        {
            var parquet = Path.Combine(Path.GetDirectoryName(positionPath)!, name + ".parquet");
            await ShippedStatements.WriteAsync(parquet, rows, cancellationToken);
            await store.KeepAsync(
                string.Create(CultureInfo.InvariantCulture, $"{root}statements/day={day:yyyy-MM-dd}/{name}.parquet"), parquet, "application/vnd.apache.parquet", isGrowing: false, cancellationToken);
            File.Delete(parquet);
        }
        await store.KeepAsync($"{root}segments/{name}.journal", segment.Path, "application/octet-stream", isGrowing: false, cancellationToken);
        // One after the other, in the order of their names, these pieces are the file.
        var piece = Path.Combine(Path.GetDirectoryName(positionPath)!, name + ".heads");
        if (await HeadPiece.WriteAsync(Path.Combine(journalDirectory, "journal.heads"), headBytes, piece, cancellationToken))
            headBytes += await store.KeepAsync($"{root}heads/{name}.heads", piece, "text/plain", isGrowing: true, cancellationToken);
        File.Delete(piece);
        return headBytes;
    }
}
