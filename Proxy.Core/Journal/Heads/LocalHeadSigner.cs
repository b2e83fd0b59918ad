using System.Security.Cryptography;

namespace Proxy.Core.Journal.Heads;

/// <summary>Signs with a private key that this machine holds.</summary>
public sealed class LocalHeadSigner : IHeadSigner, IDisposable
{
    private readonly ECDsa _key;
    private readonly Lock _gate = new();

    /// <param name="pem">PKCS #8, PEM.</param>
    /// <exception cref="ArgumentException">No private key in it.</exception>
    public LocalHeadSigner(string pem)
    {
        _key = ECDsa.Create();
        _key.ImportFromPem(pem);
        PublicKey = HeadVerificationKey.FromSubjectPublicKeyInfo(_key.ExportSubjectPublicKeyInfo());
    }

    public HeadVerificationKey PublicKey { get; }

    /// <summary>A new private key, PKCS #8 in PEM.</summary>
    public static string Generate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        using (_gate.EnterScope())
            return new ValueTask<byte[]>(_key.SignData(message.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    public void Dispose()
    {
        _key.Dispose();
        PublicKey.Dispose();
    }

    public override string ToString() => $"signer {PublicKey.Id}";
}
