using Amazon;
using Amazon.Runtime;

namespace Proxy.Host.Evidence.Aws;

/// <summary>Makes the HTTP clients of the AWS SDK in the data plane, see <see cref="OffSocketHttpHandler"/>. Clients share their connections.</summary>
internal sealed class OffSocketHttpClientFactory : HttpClientFactory
{
    /// <summary>Of the SDK, where a client's settings do not say.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    /// <summary>Addresses behind a name change.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private static readonly OffSocketHttpHandler Handler = new()
    {
        InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = ConnectionLifetime },
    };

    /// <summary>For all clients of the process, those that the SDK makes for credentials included.</summary>
    public static void Install() => AWSConfigs.HttpClientFactory ??= new OffSocketHttpClientFactory();

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(Handler, disposeHandler: false) { Timeout = clientConfig.Timeout ?? DefaultTimeout };
}
