using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Proxy.Host.Identity;
using Proxy.Protocols;

namespace Proxy.Host.ServerCredentials;

/// <summary>
/// A parameter of AWS Systems Manager. Secrets of Secrets Manager come the same way: the parameter <c>/aws/reference/secretsmanager/ID</c> is the
/// current version of the secret (Systems Manager user guide, "Referencing AWS Secrets Manager secrets from Parameter Store parameters").
/// </summary>
/// <param name="connect">Makes the client, at the first fetch: that may look for credentials in files and ask the network.</param>
/// <param name="name">Of the parameter.</param>
/// <param name="keptFor">How long a value is used before it is asked for again.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsParameterSource(Func<IAmazonSimpleSystemsManagement> connect, string name, TimeSpan keptFor, TimeProvider time) : IServerCredentialSource
{
    private IAmazonSimpleSystemsManagement? _client;

    public const string SecretsPrefix = "/aws/reference/secretsmanager/";

    public string Description => name.StartsWith(SecretsPrefix, StringComparison.Ordinal)
        ? $"AWS secret {name[SecretsPrefix.Length..]}"
        : $"AWS parameter {name}";

    public async Task<FetchedCredential> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await (_client ??= connect()).GetParameterAsync(new GetParameterRequest { Name = name, WithDecryption = true }, cancellationToken);
            var value = answer.Parameter?.Value ?? "";
            try
            {
                return CredentialDocument.ReadValue(value, Description, time.GetUtcNow(), keptFor);
            }
            finally
            {
                SecretText.Clear(value); // The answer is ours alone.
            }
        }
        catch (AmazonServiceException refused)
        {
            // The code says what is wrong; the text can repeat what was asked with.
            throw new ServerCredentialException($"{Description}: AWS answered {(refused.ErrorCode is { Length: > 0 } code ? code : refused.StatusCode.ToString())}");
        }
        catch (Exception failure) when (failure is AmazonClientException or HttpRequestException or IOException)
        {
            throw new ServerCredentialException($"{Description}: AWS could not be asked ({failure.GetType().Name})");
        }
    }
}
