using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Proxy.Core.Masking;

/// <summary>
/// The key material of pseudonyms. Every key domain has its own key, derived from one master key (HKDF-SHA256, RFC 5869); another key,
/// the same for all domains, makes tokens recognisable. Disposing zeroes the keys; a mask that still uses one then redacts.
/// </summary>
public sealed class MaskingKeys : IDisposable
{
    public const int MasterKeyBytesMin = 32;

    private const string DomainLabel = "phigate masking v1 domain ";
    private const string CheckLabel = "phigate masking v1 check";

    private readonly byte[] _extracted = GC.AllocateArray<byte>(SHA256.HashSizeInBytes, pinned: true);
    private readonly AesBlock _checks;
    private readonly ConcurrentDictionary<string, KeyDomain> _domains = new(StringComparer.Ordinal);
    private volatile bool _disposed;

    /// <param name="masterKey">At least <see cref="MasterKeyBytesMin"/> random bytes; not kept.</param>
    public MaskingKeys(ReadOnlySpan<byte> masterKey)
    {
        if (masterKey.Length < MasterKeyBytesMin)
            throw new ArgumentException($"A masking key has at least {MasterKeyBytesMin} bytes.", nameof(masterKey));
        HKDF.Extract(HashAlgorithmName.SHA256, masterKey, salt: [], _extracted);
        Span<byte> key = stackalloc byte[AesBlock.KeyBytes];
        Derive(CheckLabel, key);
        _checks = new AesBlock(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>The domain of this name; always the same object. Off the hot path: plans keep it.</summary>
    public KeyDomain Domain(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _domains.GetOrAdd(name, CreateDomain);
    }

    /// <summary>
    /// Whether this text is a token that these keys made, of any domain. By chance one in a million texts of a token's shape also is. Tokens of
    /// columns too narrow for <see cref="TextToken.CheckedCharsMin"/> characters cannot be recognised.
    /// </summary>
    public bool IsToken(ReadOnlySpan<byte> text)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return TextToken.IsToken(_checks, text);
    }

    /// <inheritdoc cref="IsToken(ReadOnlySpan{byte})"/>
    public bool IsToken(ReadOnlySpan<char> text)
    {
        if (text.Length > TextToken.Chars || !Ascii.IsValid(text))
            return false;
        Span<byte> bytes = stackalloc byte[TextToken.Chars];
        return IsToken(bytes[..Encoding.ASCII.GetBytes(text, bytes)]);
    }

    /// <summary>
    /// Whether a token stands anywhere in the bytes: alone, in an array or a document of either format, or in a longer text. A token ends where
    /// another character than a token's follows.
    /// </summary>
    public bool ContainsToken(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (TextToken.TryFindCandidate(bytes, out var start, out var length))
        {
            if (TextToken.IsToken(_checks, bytes.Slice(start, length)))
                return true;
            bytes = bytes[(start + 1)..];
        }
        return false;
    }

    public void Dispose()
    {
        _disposed = true;
        _checks.Dispose();
        foreach (var domain in _domains.Values)
            domain.Dispose();
        CryptographicOperations.ZeroMemory(_extracted);
    }

    public override string ToString() => nameof(MaskingKeys);

    private KeyDomain CreateDomain(string name)
    {
        Span<byte> key = stackalloc byte[AesBlock.KeyBytes];
        Derive(DomainLabel + name, key);
        var domain = new KeyDomain(name, key, _checks);
        CryptographicOperations.ZeroMemory(key);
        return domain;
    }

    private void Derive(string label, Span<byte> key) =>
        HKDF.Expand(HashAlgorithmName.SHA256, _extracted, key, Encoding.UTF8.GetBytes(label));
}
