using System.Security.Cryptography;
using Proxy.Protocols.Secrets;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// The last keys derived for a target. PBKDF2 is slow on purpose (4,096 rounds, about a millisecond) and a server's salt for a user stays the
/// same, so that connection churn would pay it over and over. They are as good as the password, and kept sealed. Thread-safe.
/// </summary>
public sealed class ScramKeyCache
{
    private sealed record Entry(byte[] Salt, int Iterations, SealedBytes Sealed);

    private volatile Entry? _last;

    /// <summary>The keys for this password, salt and count; derived unless they were the last ones. The caller clears them.</summary>
    internal ScramKeys Get(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, hash);
        if (_last is { } last && last.Iterations == iterations && salt.SequenceEqual(last.Salt) && Open(last, hash) is { } kept)
            return kept;
        var salted = SecretBytes.New(SHA256.HashSizeInBytes);
        Rfc2898DeriveBytes.Pbkdf2(password, salt, salted, iterations, HashAlgorithmName.SHA256);
        var keys = new ScramKeys(SecretBytes.New(SHA256.HashSizeInBytes), SecretBytes.New(SHA256.HashSizeInBytes));
        HMACSHA256.HashData(salted, "Client Key"u8, keys.ClientKey);
        HMACSHA256.HashData(salted, "Server Key"u8, keys.ServerKey);
        SecretBytes.Clear(salted);
        _last = new Entry(salt.ToArray(), iterations, Seal(hash, keys));
        return keys;
    }

    private static SealedBytes Seal(ReadOnlySpan<byte> passwordHash, ScramKeys keys)
    {
        var all = SecretBytes.New(3 * SHA256.HashSizeInBytes);
        passwordHash.CopyTo(all);
        keys.ClientKey.CopyTo(all, SHA256.HashSizeInBytes);
        keys.ServerKey.CopyTo(all, 2 * SHA256.HashSizeInBytes);
        var result = new SealedBytes(all);
        SecretBytes.Clear(all);
        return result;
    }

    /// <summary>Null when they are another password's.</summary>
    private static ScramKeys? Open(Entry entry, ReadOnlySpan<byte> passwordHash)
    {
        var all = entry.Sealed.Open();
        var keys = CryptographicOperations.FixedTimeEquals(passwordHash, all.AsSpan(0, SHA256.HashSizeInBytes))
            ? new ScramKeys(
                SecretBytes.CopyOf(all.AsSpan(SHA256.HashSizeInBytes, SHA256.HashSizeInBytes)), SecretBytes.CopyOf(all.AsSpan(2 * SHA256.HashSizeInBytes)))
            : null;
        SecretBytes.Clear(all);
        return keys;
    }
}
