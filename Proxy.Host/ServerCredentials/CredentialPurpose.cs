using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.ServerCredentials;

/// <summary>What a credential is for.</summary>
/// <param name="Target">The target's name in gateway.yaml.</param>
/// <param name="Address">Where the server is.</param>
/// <param name="DatabaseUser">The configured user.</param>
public sealed record CredentialPurpose(string Target, NetworkAddress Address, string DatabaseUser);
