using System.Security.Cryptography;

namespace Proxy.Protocols.MySql.Login;

/// <summary>
/// caching_sha2_password: SHA256(password) XOR SHA256(SHA256(SHA256(password)), scramble). A server that has the account in its cache takes that; another one
/// asks for the password itself, which is sent inside TLS only.
/// </summary>
internal static class CachingSha2Password
{
    public const string Name = "caching_sha2_password";

    public const byte FastSuccess = 3;
    public const byte FullAuthentication = 4;

    public static byte[] Prove(ReadOnlySpan<byte> password, ReadOnlySpan<byte> scramble)
    {
        if (password.IsEmpty) return [];
        var once = SHA256.HashData(password);
        var proof = SHA256.HashData([.. SHA256.HashData(once), .. scramble]);
        for (var i = 0; i < proof.Length; i++) proof[i] ^= once[i];
        CryptographicOperations.ZeroMemory(once);
        return proof;
    }
}
