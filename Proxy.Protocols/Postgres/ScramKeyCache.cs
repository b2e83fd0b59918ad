using System.Security.Cryptography;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// The last keys derived for a target. PBKDF2 is slow on purpose (4,096 rounds, about a millisecond) and a server's salt for a user stays the
/// same, so that connection churn would pay it over and over. Thread-safe.
/// </summary>
public sealed class ScramKeyCache
{
    private sealed record Entry(byte[] PasswordHash, byte[] Salt, int Iterations, ScramKeys Keys);

    private volatile Entry? _last;

    /// <summary>The keys for this password, salt and count; derived unless they were the last ones.</summary>
    internal ScramKeys Get(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, hash);
        if (_last is { } last && last.Iterations == iterations && salt.SequenceEqual(last.Salt)
            && CryptographicOperations.FixedTimeEquals(hash, last.PasswordHash))
            return last.Keys;
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var keys = new ScramKeys(HMACSHA256.HashData(salted, "Client Key"u8), HMACSHA256.HashData(salted, "Server Key"u8));
        CryptographicOperations.ZeroMemory(salted);
        _last = new Entry(hash.ToArray(), salt.ToArray(), iterations, keys);
        return keys;
    }
}
