using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Identity;

/// <summary>An issuer as configured now, and its keys, which outlive a change of the rest.</summary>
internal sealed record TrustedIssuer(IssuerOptions Options, IssuerKeys Keys)
{
    /// <summary>Whether keys fetched for one are those of the other.</summary>
    public static bool HaveSameKeys(IssuerOptions one, IssuerOptions other) =>
        (one.Issuer, one.JwksFile, one.MetadataAddress, one.CaFile, one.IAcceptHttpOnLoopback, one.Keys, one.Name)
        == (other.Issuer, other.JwksFile, other.MetadataAddress, other.CaFile, other.IAcceptHttpOnLoopback, other.Keys, other.Name);
}
