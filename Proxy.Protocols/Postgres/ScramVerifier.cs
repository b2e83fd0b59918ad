using System.Security.Cryptography;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 §2.2, RFC 7677): enough to check a proof, and not enough to make one. Do not
/// print.
/// </summary>
public sealed record ScramVerifier(int Iterations, byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    /// <summary>PostgreSQL's default, and the least that RFC 7677 §4 allows. The passwords are random with 160 bits: more rounds would protect nothing.</summary>
    public const int DefaultIterations = 4096;

    public const int SaltBytes = 16;

    /// <param name="password">UTF-8, in the form that SASLprep leaves (ASCII always is).</param>
    /// <param name="salt">Random, 16 bytes.</param>
    public static ScramVerifier Of(ReadOnlySpan<byte> password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, DefaultIterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var verifier = new ScramVerifier(
            DefaultIterations, salt, SHA256.HashData(clientKey), HMACSHA256.HashData(salted, "Server Key"u8));
        CryptographicOperations.ZeroMemory(salted);
        CryptographicOperations.ZeroMemory(clientKey);
        return verifier;
    }

    /// <summary>Whether this is the password, for a protocol in which it comes itself. Takes a millisecond.</summary>
    public bool Verifies(ReadOnlySpan<byte> password)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var isIt = CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), StoredKey);
        CryptographicOperations.ZeroMemory(salted);
        CryptographicOperations.ZeroMemory(clientKey);
        return isIt;
    }

    public override string ToString() => nameof(ScramVerifier);
}
