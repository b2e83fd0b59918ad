namespace Proxy.Host.Configuration.Gateway;

/// <summary>
/// Where a secret comes from: exactly one of these is set. The secret itself is fetched when it is needed: a database user's by
/// <see cref="ServerCredentials.CredentialCache"/>, a key from a file or a variable by <see cref="CredentialReader"/>.
/// </summary>
public sealed record CredentialOptions
{
    public string? File { get; init; }
    public string? EnvironmentVariable { get; init; }
    public CommandCredentialOptions? Command { get; init; }
    public AwsSecretOptions? AwsSecret { get; init; }
    public AwsParameterOptions? AwsParameter { get; init; }
    public RdsIamOptions? RdsIam { get; init; }
}
