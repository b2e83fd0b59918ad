namespace Proxy.Host.Configuration.Gateway;

/// <summary>Where a secret comes from: exactly one of the two is set. The secret itself is read when it is needed, see <see cref="CredentialReader"/>.</summary>
public sealed record CredentialOptions
{
    public string? File { get; init; }
    public string? EnvironmentVariable { get; init; }
}
