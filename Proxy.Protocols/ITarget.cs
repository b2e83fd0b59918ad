using Proxy.Protocols.Postgres;

namespace Proxy.Protocols;

/// <summary>A database that a session was admitted to, and how to get there. Credentials stay in the process.</summary>
public interface ITarget
{
    string Name { get; }

    string Database { get; }

    string User { get; }

    /// <summary>Whether the leg to the server must be TLS; false only where the operator insists.</summary>
    bool RequiresTls { get; }

    /// <summary>Keys derived from the password, kept for the next login.</summary>
    ScramKeyCache ScramKeys { get; }

    /// <summary>A connection in plaintext; the protocol asks for TLS.</summary>
    ValueTask<IConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>The password, in UTF-8; the caller clears it.</summary>
    ValueTask<byte[]> GetPasswordAsync(CancellationToken cancellationToken);
}
