using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Aws;

namespace Proxy.Host.Evidence.Shipping;

/// <summary>Puts files into a bucket, each once, held by Object Lock. An object that is there already, whole, is left alone.</summary>
internal sealed class SegmentStore(IAmazonS3 s3, ShippingOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Of the object's metadata: SHA-256 of its bytes, in hexadecimal.</summary>
    private const string DigestName = "sha256";

    /// <summary>A store that takes a request and does not answer is asked again after so long, and after what the bytes need on a slow line.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int BytesPerSecondMin = 64 * 1024;

    /// <param name="key">Behind the prefix.</param>
    /// <param name="path">The file.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="isGrowing">Whether whatever is there already will do: an earlier state of a file that only grows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">It is not kept.</exception>
    public async Task KeepAsync(string key, string path, string contentType, bool isGrowing, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var hash = await SHA256.HashDataAsync(content, cancellationToken);
            var digest = Convert.ToHexStringLower(hash);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            if (await IsKeptAsync(options.Prefix + key, content.Length, digest, isGrowing, patience.Token)) return;
            patience.CancelAfter(Patience + TimeSpan.FromSeconds(content.Length / BytesPerSecondMin));
            content.Position = 0;
            var request = new PutObjectRequest
            {
                BucketName = options.Bucket,
                Key = options.Prefix + key,
                InputStream = content,
                AutoCloseStream = false,
                ContentType = contentType,
                ChecksumSHA256 = Convert.ToBase64String(hash),
                Metadata = { [DigestName] = digest },
            };
            if (options.Lock is not ShippingLock.None)
            {
                request.ObjectLockMode = options.Lock is ShippingLock.Governance ? ObjectLockMode.Governance : ObjectLockMode.Compliance;
                request.ObjectLockRetainUntilDate = (time.GetUtcNow() + TimeSpan.FromDays(options.RetentionDays)).UtcDateTime;
            }
            if (options.KmsKey is { } kms)
                (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = (ServerSideEncryptionMethod.AWSKMS, kms);
            await s3.PutObjectAsync(request, patience.Token);
        }
        catch (Exception failure) when (AwsFailure.Is(failure, cancellationToken))
        {
            throw new IOException($"{options.Bucket}: {failure.Message}", failure);
        }
    }

    public void Dispose() => s3.Dispose();

    private async Task<bool> IsKeptAsync(string key, long length, string digest, bool isGrowing, CancellationToken cancellationToken)
    {
        try
        {
            var there = await s3.GetObjectMetadataAsync(options.Bucket, key, cancellationToken);
            return isGrowing || (there.ContentLength == length && there.Metadata[DigestName] == digest);
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode is System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
