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

    /// <summary>
    /// An object that is being sent when shipping ends may still arrive, for so long: a store may keep one that was cut off behind its last byte, and not show it yet to
    /// the next HEAD (radosgw kept 82 of 146 such objects, and then the same once more). A longer transfer is cut off before its end, and a store drops that.
    /// </summary>
    private static readonly TimeSpan EndingPatience = TimeSpan.FromSeconds(3);

    /// <param name="key">Behind the prefix.</param>
    /// <param name="path">The file.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="isGrowing">Whether an earlier state will do that is there already: the beginning of a file that only grows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many bytes of the file the store has.</returns>
    /// <exception cref="IOException">It is not kept.</exception>
    public async Task<long> KeepAsync(string key, string path, string contentType, bool isGrowing, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var hash = await SHA256.HashDataAsync(content, cancellationToken);
            var digest = Convert.ToHexStringLower(hash);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            if (await KeptBytesAsync(options.Prefix + key, content, digest, isGrowing, patience.Token) is { } kept) return kept;
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
            cancellationToken.ThrowIfCancellationRequested();
            using var sending = new CancellationTokenSource(Patience + TimeSpan.FromSeconds(content.Length / BytesPerSecondMin), time);
            await using var ending = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(EndingPatience), sending);
            await s3.PutObjectAsync(request, sending.Token);
            return content.Length;
        }
        catch (Exception failure) when (AwsFailure.Is(failure, cancellationToken))
        {
            throw new IOException($"{options.Bucket}: {failure.Message}", failure);
        }
    }

    public void Dispose() => s3.Dispose();

    private async Task<long?> KeptBytesAsync(string key, FileStream content, string digest, bool isGrowing, CancellationToken cancellationToken)
    {
        try
        {
            var there = await s3.GetObjectMetadataAsync(options.Bucket, key, cancellationToken);
            var length = there.ContentLength;
            if (length == content.Length && there.Metadata[DigestName] == digest) return length;
            return isGrowing && length < content.Length && there.Metadata[DigestName] == await DigestOfBeginningAsync(content, length, cancellationToken) ? length : null;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode is System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task<string> DigestOfBeginningAsync(FileStream content, long bytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        content.Position = 0;
        while (bytes > 0)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes)), cancellationToken);
            if (read == 0) break;
            hash.AppendData(buffer, 0, read);
            bytes -= read;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
