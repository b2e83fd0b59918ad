using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Host.Configuration.Gateway;

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

    /// <exception cref="Core.Journal.Sealing.JournalKeyException">A key is not there, or its holder does not answer.</exception>
    public static Task<EvidenceServices> OpenAsync(Configuration.Gateway.JournalOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var services = new EvidenceServices();
        var keys = JournalKeyDirectory.OpenOrCreate(options.KeysDirectory ?? JournalKeyDirectory.DefaultFor(options.Directory), options.Directory);
        services._owned.Add(keys);
        services.Evidence = new JournalEvidence
        {
            SealingKey = keys.Sealing,
            Signer = keys.Signer,
            Durability = options.Durability,
            Anchors = [.. options.Anchors.Select(services.AnchorOf)],
            AnchorInterval = TimeSpan.FromSeconds(options.AnchorSeconds),
        };
        return Task.FromResult(services);
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    private IHeadAnchor AnchorOf(AnchorOptions options)
    {
        if (options.File is { } file) return new FileHeadAnchor(file);
        var client = new HttpClient { Timeout = AnchorPatience };
        _owned.Add(client);
        return new HttpHeadAnchor(client, options.Url!);
    }
}
