using System.Globalization;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Proxy.Core.Journal.Sealing;
using Proxy.Host.Transport;

namespace Proxy.Host.Evidence.Aws;

/// <summary>
/// A key-encryption key in AWS KMS: whoever reads statements has to be let by its policy, and is in CloudTrail. Journal and segment are the encryption
/// context, so that they can stand in policies, too.
/// </summary>
public sealed class KmsKeyEncryptionKey(IAmazonKeyManagementService kms, string kmsKey) : IKeyEncryptionKey
{
    public string Id => "kms:" + kmsKey;

    public async ValueTask<DataKey> GenerateAsync(SegmentIdentity segment, CancellationToken cancellation)
    {
        var request = new GenerateDataKeyRequest { KeyId = kmsKey, KeySpec = DataKeySpec.AES_256, EncryptionContext = ContextOf(segment) };
        try
        {
            var answer = await OffSocketThread.Await(kms.GenerateDataKeyAsync(request, cancellation));
            return new DataKey(answer.Plaintext.ToArray(), answer.CiphertextBlob.ToArray());
        }
        catch (Exception failure) when (AwsFailure.Is(failure, cancellation))
        {
            throw new JournalKeyException($"KMS gave no data key under {kmsKey}: {failure.Message}", failure);
        }
    }

    public async ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, SegmentIdentity segment, CancellationToken cancellation)
    {
        if (keyId != Id)
            throw new JournalKeyException($"Segment {segment.Number} is sealed under the key {keyId}; the key given is {Id}.");
        using var blob = new MemoryStream(wrapped.ToArray());
        var request = new DecryptRequest { KeyId = kmsKey, CiphertextBlob = blob, EncryptionContext = ContextOf(segment) };
        try
        {
            return (await OffSocketThread.Await(kms.DecryptAsync(request, cancellation))).Plaintext.ToArray();
        }
        catch (Exception failure) when (AwsFailure.Is(failure, cancellation))
        {
            throw new JournalKeyException($"KMS does not unwrap the key of segment {segment.Number}: {failure.Message}", failure);
        }
    }

    private static Dictionary<string, string> ContextOf(SegmentIdentity segment) => new()
    {
        ["phigate:journal"] = segment.JournalId.ToString(),
        ["phigate:segment"] = segment.Number.ToString(CultureInfo.InvariantCulture),
    };
}
