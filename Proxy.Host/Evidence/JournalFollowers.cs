using Microsoft.Extensions.Logging;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Shipping;
using Proxy.Host.Evidence.Streaming;

namespace Proxy.Host.Evidence;

/// <summary>What follows the journal's files in the control plane: streams and shipping.</summary>
public sealed class JournalFollowers : IAsyncDisposable
{
    private readonly RecordStreams _streams;
    private readonly JournalShipping? _shipping;

    private JournalFollowers(RecordStreams streams, JournalShipping? shipping)
    {
        _streams = streams;
        _shipping = shipping;
    }

    /// <exception cref="IOException">A token cannot be read, or positions cannot be kept.</exception>
    public static async Task<JournalFollowers> StartAsync(JournalOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken) => new(
        await RecordStreams.StartAsync(options.Directory, options.Streams, time, logger, cancellationToken),
        options.Shipping is { } shipping ? JournalShipping.Start(options.Directory, shipping, time, logger) : null);

    /// <summary>Both end at once: each may wait for the other end of a connection.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_streams.DisposeAsync().AsTask(), _shipping?.DisposeAsync().AsTask() ?? Task.CompletedTask);
}
