using Amazon.KeyManagementService;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Aws;
using Proxy.Host.Transport;

namespace Proxy.Host.Evidence;

/// <summary>
/// The keys of a journal that exists: files in a directory, or in AWS KMS. Each is opened when it is asked for, since who may open what is sealed need not be one
/// who may sign; all are closed with this.
/// </summary>
internal sealed class JournalKeys : IDisposable
{
    /// <summary>For each attempt: a key service that takes requests and answers none must not hold up what a refusal would not.</summary>
    private static readonly TimeSpan KmsPatience = TimeSpan.FromSeconds(10);

    private readonly string _directory;
    private readonly KmsOptions? _options;
    private readonly List<IDisposable> _owned = [];
    private AmazonKeyManagementServiceClient? _kms;

    private JournalKeys(string directory, KmsOptions? kms) => (_directory, _options) = (directory, kms);

    public static JournalKeys In(string directory) => new(directory, kms: null);

    /// <summary>Where a gateway's configuration says.</summary>
    public static JournalKeys Of(JournalOptions options) => new(options.KeysDirectory ?? JournalKeyDirectory.DefaultFor(options.Directory), options.Kms);

    /// <summary>Opens what is sealed.</summary>
    /// <exception cref="JournalKeyException">It is missing, can be read by others, or is none.</exception>
    public IKeyEncryptionKey OpenSealing() =>
        _options is { } kms ? new KmsKeyEncryptionKey(Kms(kms), kms.SealingKey) : Own(JournalKeyDirectory.OpenSealing(_directory));

    /// <summary>Signs.</summary>
    /// <exception cref="JournalKeyException">It is missing, can be read by others, or is none; or KMS refuses or does not answer.</exception>
    public async Task<IHeadSigner> OpenSignerAsync(CancellationToken cancellationToken) =>
        _options is { } kms
            ? Own(await OffSocketThread.Await(KmsHeadSigner.OpenAsync(Kms(kms), kms.SigningKey, cancellationToken)))
            : Own(JournalKeyDirectory.Open(_directory)).Signer;

    /// <summary>What signatures are checked with; null when there is no file of it.</summary>
    /// <exception cref="JournalKeyException">It is none; or KMS refuses or does not answer.</exception>
    public async Task<HeadVerificationKey?> ReadPublicKeyAsync(CancellationToken cancellationToken)
    {
        if (_options is not null) return (await OffSocketThread.Await(OpenSignerAsync(cancellationToken))).PublicKey;
        var path = JournalKeyDirectory.PublicKeyPath(_directory);
        return File.Exists(path) ? Own(PublicKeyFile.Read(path)) : null;
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    private AmazonKeyManagementServiceClient Kms(KmsOptions options)
    {
        if (_kms is not null) return _kms;
        var settings = new AmazonKeyManagementServiceConfig { Timeout = KmsPatience };
        ServiceEndpoint.Set(settings, options.Region, options.ServiceUrl);
        return _kms = Own(new AmazonKeyManagementServiceClient(settings));
    }

    private T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
