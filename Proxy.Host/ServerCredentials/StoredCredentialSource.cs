using Proxy.Host.Configuration.Gateway;
using Proxy.Protocols;

namespace Proxy.Host.ServerCredentials;

/// <summary>A password in a file or an environment variable, read for each login: it costs nothing, and a rotated one is used at once.</summary>
internal sealed class StoredCredentialSource(CredentialOptions options) : IServerCredentialSource
{
    public string Description => options.File is { } file ? $"file {file}" : $"environment variable {options.EnvironmentVariable}";

    public async Task<FetchedCredential> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new FetchedCredential(null, await CredentialReader.ReadAsync(options, cancellationToken), null, null);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new ServerCredentialException($"{Description}: {(reason is FileNotFoundException or DirectoryNotFoundException ? "it is not there" : reason.Message)}", reason);
        }
    }
}
