namespace Proxy.Host.Configuration.Gateway;

/// <summary>A parameter of AWS Systems Manager, decrypted; its value as in <see cref="AwsSecretOptions"/>.</summary>
public sealed record AwsParameterOptions : AwsAccess
{
    public required string Name { get; init; }
    public int CacheSeconds { get; init; } = 300;
}
