namespace Proxy.Host.Configuration.Gateway;

/// <summary>A secret of AWS Secrets Manager: the password alone, or the JSON object with username and password that rotation functions write.</summary>
public sealed record AwsSecretOptions : AwsAccess
{
    /// <summary>The secret's name.</summary>
    public required string Id { get; init; }
    public int CacheSeconds { get; init; } = 300;
}
