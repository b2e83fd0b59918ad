namespace Proxy.Host.Identity;

/// <summary>Where an issuer's key set (JWKS) comes from.</summary>
internal interface IKeySetSource : IDisposable
{
    /// <summary>The JWKS document.</summary>
    /// <exception cref="KeySetException">It cannot be had; the message is fit for a log.</exception>
    Task<string> FetchAsync(CancellationToken cancellationToken);
}
