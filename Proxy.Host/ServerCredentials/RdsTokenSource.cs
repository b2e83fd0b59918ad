using Amazon.Runtime;
using Proxy.Host.Configuration.Gateway;
using Proxy.Protocols;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.ServerCredentials;

/// <summary>Signs tokens with the AWS credentials that the process has. A token dies with the credentials that signed it, if that is sooner.</summary>
internal sealed class RdsTokenSource(NetworkAddress endpoint, string region, string user, Func<AWSCredentials> credentials, TimeProvider time) : IServerCredentialSource
{
    private const double FreshPart = 0.8;

    public string Description => $"RDS token for {user} at {endpoint}";

    public async Task<FetchedCredential> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = credentials();
            var keys = await found.GetCredentialsAsync().WaitAsync(cancellationToken);
            var now = time.GetUtcNow();
            var token = RdsToken.Create(endpoint.Host, endpoint.Port, region, user, keys.AccessKey, keys.SecretKey, keys.Token, now);
            var end = now + RdsToken.Lifetime;
            if (found.Expiration is { } dies && new DateTimeOffset(dies.ToUniversalTime()) is var death && death < end)
                end = death;
            var secret = new Secret(token);
            SecretBytes.Clear(token);
            return new FetchedCredential(null, secret, end, now + ((end - now) * FreshPart));
        }
        catch (Exception failure) when (failure is AmazonClientException or AmazonServiceException or HttpRequestException or IOException)
        {
            throw new ServerCredentialException($"{Description}: no AWS credentials could be found ({failure.GetType().Name})");
        }
    }
}
