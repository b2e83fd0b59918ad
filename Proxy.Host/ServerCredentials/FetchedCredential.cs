using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.ServerCredentials;

/// <summary>What a source gave.</summary>
/// <param name="User">Null: the configured user.</param>
/// <param name="Password">Never printed.</param>
/// <param name="UseUntil">The server refuses it from then on; null: until somebody changes it.</param>
/// <param name="FreshUntil">From then on a new one is fetched, and this one only serves while that is under way or fails; null: fetched anew each time.</param>
public sealed record FetchedCredential(string? User, Secret Password, DateTimeOffset? UseUntil, DateTimeOffset? FreshUntil)
{
    public override string ToString() => "(credential)";
}
