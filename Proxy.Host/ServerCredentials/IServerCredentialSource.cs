namespace Proxy.Host.ServerCredentials;

/// <summary>Gets a credential for a server from where it is kept. Its awaits resume on the pool: <see cref="CredentialCache"/> calls it there.</summary>
public interface IServerCredentialSource
{
    /// <summary>For messages: the kind of source and its name, never a secret.</summary>
    string Description { get; }

    /// <exception cref="Proxy.Protocols.ServerCredentialException">Nothing usable came; the message names the source and what is wrong.</exception>
    Task<FetchedCredential> FetchAsync(CancellationToken cancellationToken);
}
