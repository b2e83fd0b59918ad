using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Identity;

/// <summary>
/// A key set by OpenID Connect discovery. Only https, but for loopback where the operator says so; no redirects; limited size and time; the
/// document must state exactly the issuer that it was asked for (OpenID Connect Discovery 1.0 §4.3), or one issuer could speak for another.
/// </summary>
internal sealed class KeySetDiscovery : IKeySetSource
{
    private const int BytesMax = 1024 * 1024;

    private readonly IssuerOptions _issuer;
    private readonly Uri _metadata;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _pipeline;

    public KeySetDiscovery(IssuerOptions issuer, TimeProvider time)
    {
        _issuer = issuer;
        _metadata = DiscoveryAddress.Of(issuer);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        if (issuer.CaFile is not null)
            handler.SslOptions = TrustOnly(issuer.CaFile);
        _http = new HttpClient(handler) { MaxResponseContentBufferSize = BytesMax, Timeout = Timeout.InfiniteTimeSpan };
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(TimeSpan.FromSeconds(issuer.Keys.FetchTimeoutSeconds))
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(IsTransient),
            })
            .Build();
    }

    public async Task<string> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var metadata = await GetAsync(_metadata, cancellationToken);
            return await GetAsync(KeySetAddress(metadata), cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new KeySetException(
                exception.StatusCode is { } status ? $"HTTP status {(int)status}" : $"HTTP request failed ({exception.HttpRequestError})", exception);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new KeySetException($"no answer within {_issuer.Keys.FetchTimeoutSeconds} seconds", exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (state, token) =>
                {
                    using var response = await state.Http.GetAsync(state.Address, token);
                    // A redirect is not followed: it could lead from https to anywhere.
                    response.EnsureSuccessStatusCode();
                    return await response.Content.ReadAsStringAsync(token);
                },
                (Http: _http, Address: address),
                cancellationToken);
        }
        finally
        {
            // In the data plane the answer, or the failure, arrives on a thread that polls the sockets of sessions: what follows must not run there.
            await Task.Yield();
        }
    }

    private Uri KeySetAddress(string metadata)
    {
        OpenIdConnectConfiguration document;
        try
        {
            document = OpenIdConnectConfiguration.Create(metadata);
        }
#pragma warning disable CA1031 // The library throws several types for text that is not such a document; all mean the same here.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new KeySetException("the discovery document is not readable", exception);
        }
        if (!string.Equals(document.Issuer, _issuer.Issuer, StringComparison.Ordinal))
            throw new KeySetException("the discovery document is of another issuer");
        if (!Uri.TryCreate(document.JwksUri, UriKind.Absolute, out var address))
            throw new KeySetException("the discovery document names no key set");
        if (address.Scheme is not "https" && !(address.Scheme is "http" && address.IsLoopback && _issuer.IAcceptHttpOnLoopback))
            throw new KeySetException("the key set is not served over https");
        return address;
    }

    private static bool IsTransient(HttpRequestException exception) =>
        exception.HttpRequestError is not HttpRequestError.ConfigurationLimitExceeded
        && exception.StatusCode is null or >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    private static SslClientAuthenticationOptions TrustOnly(string authorityFile)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(authorityFile);
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.AddRange(authorities);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = chain };
    }
}
