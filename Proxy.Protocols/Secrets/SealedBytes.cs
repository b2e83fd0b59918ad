using System.Security.Cryptography;

namespace Proxy.Protocols.Secrets;

/// <summary>A secret that must be kept for later, encrypted (AES-256-GCM) with <see cref="ProcessKey"/>: memory and core dumps have it in no readable form.</summary>
public sealed class SealedBytes
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _sealed;

    /// <param name="secret">The caller's to clear.</param>
    public SealedBytes(ReadOnlySpan<byte> secret)
    {
        _sealed = new byte[NonceBytes + TagBytes + secret.Length];
        RandomNumberGenerator.Fill(_sealed.AsSpan(0, NonceBytes));
        using var cipher = Cipher();
        cipher.Encrypt(_sealed.AsSpan(0, NonceBytes), secret, _sealed.AsSpan(NonceBytes + TagBytes), _sealed.AsSpan(NonceBytes, TagBytes));
    }

    /// <summary>The secret, in an array that the caller clears.</summary>
    public byte[] Open()
    {
        var secret = SecretBytes.New(_sealed.Length - NonceBytes - TagBytes);
        using var cipher = Cipher();
        cipher.Decrypt(_sealed.AsSpan(0, NonceBytes), _sealed.AsSpan(NonceBytes + TagBytes), _sealed.AsSpan(NonceBytes, TagBytes), secret);
        return secret;
    }

    public override string ToString() => "(sealed)";

    private static AesGcm Cipher()
    {
        var key = SecretBytes.New(ProcessKey.Length);
        try
        {
            ProcessKey.CopyTo(key);
            return new AesGcm(key, TagBytes);
        }
        finally
        {
            SecretBytes.Clear(key);
        }
    }
}
