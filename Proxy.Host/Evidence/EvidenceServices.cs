using Amazon.S3;
using Microsoft.Extensions.Logging;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Aws;
using Proxy.Host.Evidence.Replication;
using Proxy.Host.Transport;

namespace Proxy.Host.Evidence;

/// <summary>The keys and anchors that gateway.yaml names, for the life of the journal.</summary>
public sealed class EvidenceServices : IDisposable
{
    private static readonly TimeSpan AnchorPatience = TimeSpan.FromSeconds(10);

    private readonly List<IDisposable> _owned = [];

    private EvidenceServices()
    {
    }

    public JournalEvidence Evidence { get; private set; } = null!;

    /// <exception cref="JournalKeyException">A key is not there, or its holder does not answer.</exception>
    public static async Task<EvidenceServices> OpenAsync(Configuration.Gateway.JournalOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var services = new EvidenceServices();
        try
        {
            var (sealing, signer) = options.Kms is not null ? await OffSocketThread.Await(services.KmsKeysAsync(options, cancellationToken)) : services.LocalKeys(options);
            services.Evidence = new JournalEvidence
            {
                SealingKey = sealing,
                Signer = signer,
                Durability = options.Durability,
                Replica = options.Replica is { } replica
                    ? new Core.Journal.Replication.ReplicaOptions
                    {
                        Connector = new TlsReplicaConnector(replica, logger),
                        Patience = TimeSpan.FromSeconds(replica.PatienceSeconds),
                    }
                    : null,
                Anchors = [.. options.Anchors.Select(anchor => services.AnchorOf(anchor, time))],
                AnchorInterval = TimeSpan.FromSeconds(options.AnchorSeconds),
            };
            return services;
        }
        catch
        {
            services.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    private (IKeyEncryptionKey Sealing, IHeadSigner Signer) LocalKeys(Configuration.Gateway.JournalOptions options)
    {
        var keys = Own(JournalKeyDirectory.OpenOrCreate(options.KeysDirectory ?? JournalKeyDirectory.DefaultFor(options.Directory), options.Directory));
        return (keys.Sealing, keys.Signer);
    }

    private async Task<(IKeyEncryptionKey Sealing, IHeadSigner Signer)> KmsKeysAsync(Configuration.Gateway.JournalOptions options, CancellationToken cancellationToken)
    {
        var keys = Own(JournalKeys.Of(options));
        return (keys.OpenSealing(), await OffSocketThread.Await(keys.OpenSignerAsync(cancellationToken)));
    }

    private IHeadAnchor AnchorOf(AnchorOptions options, TimeProvider time)
    {
        if (options.File is { } file) return new FileHeadAnchor(file);
        if (options.Url is { } url) return new HttpHeadAnchor(Own(new HttpClient { Timeout = AnchorPatience }), url);
        var bucket = options.S3!;
        var settings = new AmazonS3Config { Timeout = AnchorPatience };
        ServiceEndpoint.Set(settings, bucket.Region, bucket.ServiceUrl);
        settings.ForcePathStyle = bucket.ServiceUrl is not null;
        return new S3HeadAnchor(Own(new AmazonS3Client(settings)), bucket.Bucket, bucket.Prefix, TimeSpan.FromDays(bucket.RetentionDays), time);
    }

    private T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
