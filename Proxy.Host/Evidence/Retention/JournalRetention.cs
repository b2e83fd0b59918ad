using Microsoft.Extensions.Logging;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Retention;
using Proxy.Core.Journal.Sealing;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Shipping;
using Proxy.Host.Transport;
using JournalOptions = Proxy.Host.Configuration.Gateway.JournalOptions;

namespace Proxy.Host.Evidence.Retention;

/// <summary>Purges the journal, and erases what is sealed in it, now and then, from start to disposal. What was not shipped, where it is to be, stays.</summary>
internal sealed class JournalRetention : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly JournalOptions _options;
    private readonly RetentionOptions _retention;
    private readonly PurgeRule _rule;
    private readonly JournalPurge _purge;
    private readonly ContentErasure _erasure;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _running;

    public JournalRetention(JournalOptions options, RetentionOptions retention, IJournal journal, IKeyEncryptionKey sealing, TimeProvider time, ILogger logger)
    {
        _options = options;
        _retention = retention;
        var longer = TimeSpan.FromDays(retention.EffectiveDocumentationDays);
        var keep = TimeSpan.FromDays(retention.Days);
        _rule = longer > keep ? new PurgeRule(keep, longer, Step: TimeSpan.FromDays(1)) : new PurgeRule(keep);
        if (retention.ContentDays is { } days) _rule = _rule with { KeepContent = TimeSpan.FromDays(days) };
        _purge = new JournalPurge(options.Directory, journal, time, sealing);
        _erasure = new ContentErasure(options.Directory, journal, time);
        _time = time;
        _logger = logger;
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await OffSocketThread.Await(_stop.CancelAsync());
        // Throws nothing of what it waits for: the journal is closed behind this, whatever became of it.
        await OffSocketThread.Await(Task.WhenAny(_running));
        _stop.Dispose();
    }

    private async Task RunAsync() => await OffSocketThread.Run(async () =>
    {
        try
        {
            while (true)
            {
                await OffSocketThread.Await(PurgeAsync());
                await OffSocketThread.Await(Task.Delay(Interval, _time, _stop.Token));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The process ends, at a point where nothing is half done.
        }
    });

    private async Task PurgeAsync()
    {
        try
        {
            var lastPermitted = _options.Shipping is null ? long.MaxValue : ShippingPosition.Read(ShippingPosition.PathFor(_options.Directory));
            if (_retention.ContentDays is { } contentDays)
            {
                var erased = await OffSocketThread.Await(_erasure.RunAsync(TimeSpan.FromDays(contentDays), lastPermitted, _stop.Token));
                if (erased > 0) Log.ContentErased(_logger, erased, contentDays);
            }
            var deleted = await OffSocketThread.Await(_purge.RunAsync(_rule, lastPermitted, _stop.Token));
            if (deleted > 0) Log.Purged(_logger, deleted, _retention.Days);
        }
        catch (Exception failure) when (!_stop.IsCancellationRequested)
        {
            // Whatever it is: what has ended unseen would let the journal grow for ever, and nobody would know why.
            Log.PurgeFailed(_logger, failure.Message);
        }
    }
}
