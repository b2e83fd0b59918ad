using System.Security.Cryptography;

namespace Proxy.Core.Journal.Heads;

/// <summary>A public key of heads. Its id is the beginning of the SHA-256 of its SubjectPublicKeyInfo (RFC 5280 §4.1).</summary>
public sealed class HeadVerificationKey : IDisposable
{
    public const int SignatureBytes = 64;

    private readonly ECDsa _key;

    private HeadVerificationKey(ECDsa key)
    {
        _key = key;
        Id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 16));
    }

    public string Id { get; }

    /// <exception cref="CryptographicException">Not a public key on P-256.</exception>
    public static HeadVerificationKey FromSubjectPublicKeyInfo(ReadOnlySpan<byte> der)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(der, out _);
            return new HeadVerificationKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <exception cref="ArgumentException">No public key in it.</exception>
    public static HeadVerificationKey FromPem(string pem)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return new HeadVerificationKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public string ToPem() => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureBytes && _key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public bool Verify(SignedHead head) => head.KeyId == Id && Verify(head.Head.SignedBytes, head.Signature);

    public void Dispose() => _key.Dispose();

    public override string ToString() => Id;
}
