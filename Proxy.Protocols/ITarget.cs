using Proxy.Protocols.Postgres;

namespace Proxy.Protocols;

/// <summary>A database that a session was admitted to, as one of its users, and how to get there. Credentials stay in the process.</summary>
public interface ITarget
{
    string Name { get; }

    string Database { get; }

    /// <summary>The database user that the session arrives as, by configuration.</summary>
    string User { get; }

    /// <summary>Whether the leg to the server must be TLS; false only where the operator insists.</summary>
    bool RequiresTls { get; }

    /// <summary>Whether sessions bear a <see cref="SessionLabel"/> at the server, in place of what the client calls itself.</summary>
    bool LabelsSessions => false;

    /// <summary>Keys derived from the user's password, kept for the next login.</summary>
    ScramKeyCache ScramKeys { get; }

    /// <summary>A connection in plaintext; the protocol asks for TLS.</summary>
    ValueTask<IConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>What to log in with; the caller disposes it.</summary>
    /// <exception cref="ServerCredentialException">There is none.</exception>
    ValueTask<ServerCredential> GetCredentialAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A newer credential than the one that the server has just rejected: it may have been rotated since it was fetched. Null when there is none, or
    /// when it has been looked for a moment ago.
    /// </summary>
    /// <exception cref="ServerCredentialException">It could not be looked for.</exception>
    ValueTask<ServerCredential?> RenewCredentialAsync(ServerCredential rejected, CancellationToken cancellationToken) => ValueTask.FromResult<ServerCredential?>(null);
}
