using System.Collections.Immutable;
using Microsoft.IdentityModel.Tokens;

namespace Proxy.Host.Identity;

/// <summary>What looking for a key gave.</summary>
/// <param name="Keys">Empty when there is none of that name.</param>
/// <param name="IsUnavailable">Whether that may be because the issuer's keys could not be had; then trying again can help.</param>
internal readonly record struct KeyLookup(ImmutableArray<JsonWebKey> Keys, bool IsUnavailable)
{
    public static KeyLookup Unknown { get; } = new([], false);

    public static KeyLookup Unavailable { get; } = new([], true);
}
