using System.Formats.Asn1;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;
using Proxy.Host.Transport;

namespace Proxy.Host.Evidence.Aws;

/// <summary>Signs heads with a key (ECC_NIST_P256, SIGN_VERIFY) that never leaves AWS KMS: the gateway can use it, and cannot take it away.</summary>
public sealed class KmsHeadSigner : IHeadSigner, IDisposable
{
    private const int IntegerBytes = HeadVerificationKey.SignatureBytes / 2;

    private readonly IAmazonKeyManagementService _kms;
    private readonly string _keyId;

    private KmsHeadSigner(IAmazonKeyManagementService kms, string keyId, HeadVerificationKey publicKey)
    {
        _kms = kms;
        _keyId = keyId;
        PublicKey = publicKey;
    }

    public HeadVerificationKey PublicKey { get; }

    /// <exception cref="JournalKeyException">KMS refuses or does not answer.</exception>
    public static async Task<KmsHeadSigner> OpenAsync(IAmazonKeyManagementService kms, string keyId, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await OffSocketThread.Await(kms.GetPublicKeyAsync(new GetPublicKeyRequest { KeyId = keyId }, cancellationToken));
            return new KmsHeadSigner(kms, keyId, HeadVerificationKey.FromSubjectPublicKeyInfo(answer.PublicKey.ToArray()));
        }
        catch (Exception failure) when (AwsFailure.Is(failure, cancellationToken))
        {
            throw new JournalKeyException($"KMS does not give the public key of {keyId}: {failure.Message}", failure);
        }
    }

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        using var content = new MemoryStream(message.ToArray());
        var request = new SignRequest
        {
            KeyId = _keyId,
            Message = content,
            MessageType = MessageType.RAW,
            SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256,
        };
        try
        {
            return FixedFromDer((await OffSocketThread.Await(_kms.SignAsync(request, cancellation))).Signature.ToArray());
        }
        catch (Exception failure) when (failure is AsnContentException || AwsFailure.Is(failure, cancellation))
        {
            throw new JournalKeyException($"KMS does not sign with {_keyId}: {failure.Message}", failure);
        }
    }

    public void Dispose() => PublicKey.Dispose();

    /// <summary>KMS answers in DER (RFC 3279 §2.2.3): a sequence of two integers.</summary>
    internal static byte[] FixedFromDer(byte[] der)
    {
        var signature = new byte[HeadVerificationKey.SignatureBytes];
        var sequence = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        foreach (var half in new[] { signature.AsMemory(0, IntegerBytes), signature.AsMemory(IntegerBytes) })
        {
            var integer = sequence.ReadIntegerBytes().Span.TrimStart((byte)0);
            if (integer.Length > IntegerBytes) throw new AsnContentException("an integer longer than the curve's order");
            integer.CopyTo(half.Span[(IntegerBytes - integer.Length)..]);
        }
        return signature;
    }
}
