using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Logging;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Aws;

namespace Proxy.Host.Evidence.Shipping;

/// <summary>The shipping that gateway.yaml names, from start to disposal.</summary>
public sealed class JournalShipping : IAsyncDisposable
{
    /// <summary>The last resort: <see cref="SegmentStore"/> gives up sooner.</summary>
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromMinutes(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly SegmentStore _store;
    private readonly Task _running;

    private JournalShipping(string journalDirectory, SegmentStore store, TimeProvider time, ILogger logger)
    {
        _store = store;
        var shipper = new SegmentShipper(journalDirectory, ShippingPosition.PathFor(journalDirectory), store, time, logger);
        _running = Task.Run(() => shipper.RunAsync(_stop.Token));
    }

    /// <exception cref="IOException">The position cannot be kept.</exception>
    public static JournalShipping Start(string journalDirectory, ShippingOptions options, TimeProvider time, ILogger logger) =>
        Start(journalDirectory, new AmazonS3Client(SettingsFor(options)), options, time, logger);

    /// <param name="journalDirectory">Of the journal.</param>
    /// <param name="s3">The store; disposed with this.</param>
    /// <param name="options">Where in the store, and how it is held.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told of outages.</param>
    internal static JournalShipping Start(string journalDirectory, IAmazonS3 s3, ShippingOptions options, TimeProvider time, ILogger logger)
    {
        Streaming.RecordStreams.CreateForOwnerOnly(Streaming.StreamPosition.DirectoryFor(journalDirectory));
        return new JournalShipping(journalDirectory, new SegmentStore(s3, options, time), time, logger);
    }

    internal static AmazonS3Config SettingsFor(ShippingOptions options)
    {
        // Retries are the shipper's own: it never gives up.
        var settings = new AmazonS3Config { Timeout = AttemptTimeout, MaxErrorRetry = 0 };
        ServiceEndpoint.Set(settings, options.Region, options.ServiceUrl);
        if (options.ServiceUrl is not null)
        {
            settings.ForcePathStyle = true;
            // Checksums behind the body are AWS's own; the one in front is ours.
            settings.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            settings.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        return settings;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _store.Dispose();
        _stop.Dispose();
    }
}
