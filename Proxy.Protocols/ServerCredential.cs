using System.Security.Cryptography;

namespace Proxy.Protocols;

/// <summary>What one login to a server is made with. A copy of its own, so that <see cref="Dispose"/> can clear it.</summary>
/// <param name="user">Whom the server is told; not always the configured user, where two take turns (rotation).</param>
/// <param name="password">In UTF-8.</param>
public sealed class ServerCredential(string user, byte[] password) : IDisposable
{
    public string User => user;

    public byte[] Password => password;

    /// <summary>Clears the password.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(password);

    public override string ToString() => $"(credential of {user})";
}
