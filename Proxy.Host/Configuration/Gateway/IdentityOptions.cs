using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>Whose tokens admit.</summary>
public sealed record IdentityOptions
{
    public required ImmutableArray<IssuerOptions> Issuers { get; init; }
}
