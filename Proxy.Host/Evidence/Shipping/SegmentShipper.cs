using System.Globalization;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Proxy.Core.Journal.Segments;

namespace Proxy.Host.Evidence.Shipping;

/// <summary>
/// Ships every segment that has ended: the file itself, the heads up to now, and its readable part as Parquet under its day. In order, each until the
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
            await ShipAsync(segment, cancellationToken);
            ShippingPosition.Write(positionPath, segment.Number);
            if (_isFailing) Log.ShippingResumed(logger);
            _isFailing = false;
        }
    }

    private async Task ShipAsync(EndedSegment segment, CancellationToken cancellationToken)
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
        // The heads that cover it, among all before: a reader of the store takes the newest of these.
        var heads = Path.Combine(Path.GetDirectoryName(positionPath)!, name + ".heads");
        File.Copy(Path.Combine(journalDirectory, "journal.heads"), heads, overwrite: true);
        await store.KeepAsync($"{root}heads/{name}.heads", heads, "text/plain", isGrowing: true, cancellationToken);
        File.Delete(heads);
    }
}
