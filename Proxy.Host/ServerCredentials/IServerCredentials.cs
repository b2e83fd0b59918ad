using Proxy.Protocols;

namespace Proxy.Host.ServerCredentials;

/// <summary>The credential of one database user of one target, whoever needs it: sessions, the catalogue, checks.</summary>
public interface IServerCredentials
{
    /// <exception cref="ServerCredentialException">There is none.</exception>
    Task<ServerCredential> GetAsync(CancellationToken cancellationToken);

    /// <summary>A newer one than what the server has rejected; null when there is none, or it has been looked for a moment ago.</summary>
    /// <exception cref="ServerCredentialException">It could not be looked for.</exception>
    Task<ServerCredential?> RenewAsync(ServerCredential rejected, CancellationToken cancellationToken);
}
