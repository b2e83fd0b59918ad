using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Proxy.Protocols.Postgres;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.Identity.Credentials;

/// <summary>The one-time credentials that have been given out and have not expired. In memory only: a restart ends them all. Thread-safe.</summary>
public sealed class CredentialStore(TimeProvider time)
{
    private const string Prefix = "once-";
    private const int NameBytes = 16;
    private const int PasswordBytes = 24;

    /// <summary>A used-up credential is remembered for so long after its end, so that whoever knows its password is told why it no longer works.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, OneTimeCredential> _credentials = new(StringComparer.Ordinal);
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>Whether a user name is of the form of these credentials', whether or not it is one.</summary>
    public static bool IsName(string user) =>
        user.Length == Prefix.Length + (2 * NameBytes) && user.StartsWith(Prefix, StringComparison.Ordinal)
        && user.Skip(Prefix.Length).All(char.IsAsciiHexDigitLower);

    public static string NewName() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes));

    /// <summary>192 random bits in characters that neither a shell nor a URL changes.</summary>
    /// <remarks>The caller clears it.</remarks>
    public static byte[] NewPassword()
    {
        Span<byte> random = stackalloc byte[PasswordBytes];
        RandomNumberGenerator.Fill(random);
        var password = SecretBytes.New(Base64Url.GetEncodedLength(PasswordBytes));
        Base64Url.EncodeToUtf8(random, password);
        CryptographicOperations.ZeroMemory(random);
        return password;
    }

    public static byte[] CachingSha2Of(ReadOnlySpan<byte> password)
    {
        Span<byte> once = stackalloc byte[SHA256.HashSizeInBytes]; // With this one can log in; with its hash one can only check.
        SHA256.HashData(password, once);
        var twice = SHA256.HashData(once);
        CryptographicOperations.ZeroMemory(once);
        return twice;
    }

    /// <summary>Those that can still be used to connect.</summary>
    public int Count => _credentials.Values.Count(credential => credential.ExpiresAt > time.GetUtcNow());

    /// <summary>False when there are too many, in all or of this identity.</summary>
    public bool TryAdd(OneTimeCredential credential, int countMax, int perIdentityMax)
    {
        var now = time.GetUtcNow();
        foreach (var (name, old) in _credentials)
            if (old.ExpiresAt + Memory <= now)
                _credentials.TryRemove(name, out _);
        var outstanding = _credentials.Values.Where(other => other.ExpiresAt > now).ToArray();
        if (outstanding.Length >= countMax || outstanding.Count(other =>
            (other.Principal.Issuer, other.Principal.Subject) == (credential.Principal.Issuer, credential.Principal.Subject)) >= perIdentityMax)
            return false;
        return _credentials.TryAdd(credential.Name, credential);
    }

    public OneTimeCredential? Find(string name) => _credentials.GetValueOrDefault(name);

    public bool IsGood(OneTimeCredential credential) => credential.ExpiresAt > time.GetUtcNow();

    public void Remove(string name) => _credentials.TryRemove(name, out _);

    /// <summary>What a proof is checked against; for a name that is not known something that looks the same each time and that nothing proves.</summary>
    public ScramVerifier VerifierFor(string name)
    {
        if (Find(name) is { } credential)
            return credential.Scram;
        var salt = HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(name))[..ScramVerifier.SaltBytes];
        return new ScramVerifier(ScramVerifier.DefaultIterations, salt, RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
    }
}
