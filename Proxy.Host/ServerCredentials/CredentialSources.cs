using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.SimpleSystemsManagement;
using Microsoft.Extensions.Logging;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.ServerCredentials;

/// <summary>The source that gateway.yaml names for a database user.</summary>
public static class CredentialSources
{
    /// <summary>One user's credentials; one for each user of a target, shared by all that log in as it.</summary>
    /// <exception cref="KeyNotFoundException">The target has no such user.</exception>
    public static IServerCredentials For(TargetOptions target, string databaseUser, TimeProvider time, ILogger log)
    {
        var options = databaseUser == target.DatabaseUser ? target.Credential : target.DatabaseUsers[databaseUser];
        return FetchedFrom(options, target, databaseUser, time) is { } source
            ? new CredentialCache(source, databaseUser, time, log)
            : new StoredCredentials(options, databaseUser, log);
    }

    /// <summary>Null where it is a password in a file or a variable.</summary>
    private static IServerCredentialSource? FetchedFrom(CredentialOptions options, TargetOptions target, string databaseUser, TimeProvider time)
    {
        var purpose = new CredentialPurpose(target.Name, target.Address, databaseUser);
        return options switch
        {
            { Command: { } command } => new CommandCredentialSource(command, purpose, time),
            { AwsSecret: { } secret } => Parameter(secret, AwsParameterSource.SecretsPrefix + secret.Id, secret.CacheSeconds, time),
            { AwsParameter: { } parameter } => Parameter(parameter, parameter.Name, parameter.CacheSeconds, time),
            { RdsIam: { } rds } => new RdsTokenSource(
                rds.Endpoint ?? target.Address, RdsRegion.Of(rds, target.Address) ?? "", databaseUser, () => CredentialsOf(rds.Profile), time),
            _ => null,
        };
    }

    private static AwsParameterSource Parameter(AwsAccess access, string name, int cacheSeconds, TimeProvider time)
    {
        var settings = new AmazonSimpleSystemsManagementConfig { Timeout = TimeSpan.FromSeconds(10), MaxErrorRetry = 2 };
        if (access.Region is { } region)
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        if (access.ServiceUrl is { } url)
        {
            settings.ServiceURL = url.ToString();
            settings.AuthenticationRegion = access.Region;
        }
        return new AwsParameterSource(
            () => new AmazonSimpleSystemsManagementClient(CredentialsOf(access.Profile), settings), name, TimeSpan.FromSeconds(cacheSeconds), time);
    }

    private static AWSCredentials CredentialsOf(string? profile)
    {
        if (profile is null)
            return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
            ? credentials
            : throw new AmazonClientException($"there is no AWS profile {profile}");
    }
}
