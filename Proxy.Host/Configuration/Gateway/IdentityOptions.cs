using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>Whose tokens admit.</summary>
public sealed record IdentityOptions
{
    public required ImmutableArray<IssuerOptions> Issuers { get; init; }

    /// <summary>Where revocations are kept, so that a restart does not forget them; in the journal's directory after loading unless the file says otherwise.</summary>
    public string? RevocationsFile { get; init; }
}
