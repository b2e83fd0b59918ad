using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Proxy.Bench.Identity;

/// <summary>An agent as its OpenID provider knows it.</summary>
internal sealed record OpenIdClient(string Id, ImmutableArray<string> Groups)
{
    /// <summary>Made for this run.</summary>
    public string Secret { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public override string ToString() => Id;
}
