using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using Proxy.Core.Journal.Heads;
using Proxy.Host.Transport;

namespace Proxy.Host.Evidence.Aws;

/// <summary>
/// Puts each head as an object of its own into a bucket with Object Lock in compliance mode: until the retention is over nobody can delete or replace it,
/// not even the account's root. The bucket belongs into another account.
/// </summary>
public sealed class S3HeadAnchor(IAmazonS3 s3, string bucket, string prefix, TimeSpan retention, TimeProvider time) : IHeadAnchor
{
    public string Name => $"s3://{bucket}/{prefix}";

    public async Task KeepAsync(SignedHead head, CancellationToken cancellation)
    {
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = string.Create(CultureInfo.InvariantCulture, $"{prefix}{head.Head.JournalId:D}/{head.Head.Size:D20}.head"),
            ContentBody = head.ToString(),
            ContentType = "text/plain",
            ObjectLockMode = ObjectLockMode.Compliance,
            ObjectLockRetainUntilDate = (time.GetUtcNow() + retention).UtcDateTime,
        };
        try
        {
            await OffSocketThread.Await(s3.PutObjectAsync(request, cancellation));
        }
        catch (Exception failure) when (AwsFailure.Is(failure, cancellation))
        {
            throw new IOException(failure.Message, failure);
        }
    }
}
