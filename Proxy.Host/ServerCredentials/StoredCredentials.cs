using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Transport;
using Proxy.Protocols;

namespace Proxy.Host.ServerCredentials;

/// <summary>
/// A password in a file or an environment variable: read for each login, which costs little and uses a rotated one at once, and never kept. Of a file's
/// there is no copy but the one that the login clears.
/// </summary>
internal sealed class StoredCredentials(CredentialOptions options, string user, ILogger log) : IServerCredentials
{
    private string Description => options.File is { } file ? $"file {file}" : $"environment variable {options.EnvironmentVariable}";

    public async Task<ServerCredential> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new ServerCredential(user, await OffSocketThread.Run(() => CredentialReader.ReadBytesAsync(options, cancellationToken)));
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            var told = new ServerCredentialException(
                $"{Description}: {(reason is FileNotFoundException or DirectoryNotFoundException ? "it is not there" : reason.Message)}", reason);
            Log.CredentialUnavailable(log, told.Message);
            throw told;
        }
    }

    public async Task<ServerCredential?> RenewAsync(ServerCredential rejected, CancellationToken cancellationToken)
    {
        Log.CredentialRejected(log, Description);
        var newer = await OffSocketThread.Await(GetAsync(cancellationToken));
        if (!CryptographicOperations.FixedTimeEquals(newer.Password, rejected.Password)) return newer;
        newer.Dispose();
        return null;
    }

    public override string ToString() => Description;
}
