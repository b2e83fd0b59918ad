namespace Proxy.Host.Configuration.Gateway;

/// <summary>What masking needs beside policy.</summary>
public sealed record MaskingOptions
{
    /// <summary>The key of pseudonymous tokens, 32 bytes or more in base64; required where a rule uses that profile.</summary>
    public CredentialOptions? Key { get; init; }
}
