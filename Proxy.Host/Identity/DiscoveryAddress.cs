using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Identity;

/// <summary>Where an issuer's discovery document is (OpenID Connect Discovery 1.0 §4).</summary>
internal static class DiscoveryAddress
{
    public static Uri Of(IssuerOptions issuer) => new(issuer.MetadataAddress ?? Of(issuer.Issuer));

    public static string Of(string issuer) => issuer.TrimEnd('/') + "/.well-known/openid-configuration";
}
