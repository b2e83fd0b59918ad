using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Verification;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Aws;
using Proxy.Host.Evidence.Shipping;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Evidence;

/// <summary>A journal whose keys are in KMS and whose heads go to S3, against an endpoint that answers as they do.</summary>
public sealed class AwsTests
{
    private static readonly BasicAWSCredentials Credentials = new("test", "test");
    private static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(200);

    [Test]
    public async Task A_journal_with_keys_in_Kms_and_heads_in_S3_verifies_and_opens()
    {
        await using var endpoint = new AwsEndpoint();
        using var directory = new TemporaryDirectory();
        using var kms = Kms(endpoint);
        using var s3 = new AmazonS3Client(Credentials, new AmazonS3Config { ServiceURL = endpoint.Url, ForcePathStyle = true, MaxErrorRetry = 0 });
        var sealing = new KmsKeyEncryptionKey(kms, "key");
        using var signer = await KmsHeadSigner.OpenAsync(kms, "key", CancellationToken.None);
        await using (var journal = await MappedJournal.OpenAsync(
            new Proxy.Core.Journal.JournalOptions
            {
                Directory = directory.Path,
                SegmentBytes = 64 * 1024,
                Evidence = new JournalEvidence
                {
                    SealingKey = sealing,
                    Signer = signer,
                    Anchors = [new S3HeadAnchor(s3, "bucket", "heads/", TimeSpan.FromDays(2200), TimeProvider.System)],
                },
            },
            TimeProvider.System, CancellationToken.None))
        {
            var intent = new IntentRecord { Text = "select 1"u8 };
            Assert.That(journal.TryAppend(in intent, out _), Is.True);
        }

        var report = JournalVerifier.Run(directory.Path, [signer.PublicKey], [], progress: null, CancellationToken.None);
        Assert.That(report.Findings, Is.Empty);
        using var keys = await SegmentKeyRing.LoadAsync(directory.Path, sealing, CancellationToken.None);
        using var reader = new JournalReader(directory.Path, keys: keys);
        Assert.That(reader.Read(), Is.EqualTo(JournalReadResult.Record));
        Assert.That(((DecodedIntent)RecordDecoder.Decode(reader.Entry)).Text, Is.EqualTo("select 1"u8.ToArray()));
        var kept = endpoint.Objects.Last();
        Assert.That(kept.Path, Does.StartWith("/bucket/heads/").And.EndWith(".head"));
        Assert.That((kept.Mode, DateTimeOffset.Parse(kept.Until!, System.Globalization.CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow.AddDays(2190)),
            Is.EqualTo(("COMPLIANCE", true)));
        Assert.That(kept.Body, Does.Contain("phigate/journal/"));
    }

    [Test]
    public async Task A_key_that_Kms_does_not_give_is_a_journal_that_does_not_open()
    {
        await using var endpoint = new AwsEndpoint { IsOut = true };
        using var kms = Kms(endpoint);
        Assert.That(
            async () => await new KmsKeyEncryptionKey(kms, "key").GenerateAsync(new SegmentIdentity(Guid.NewGuid(), 1), CancellationToken.None),
            Throws.InstanceOf<JournalKeyException>());
        Assert.That(() => KmsHeadSigner.OpenAsync(kms, "key", CancellationToken.None), Throws.InstanceOf<JournalKeyException>());
    }

    /// <summary>The SDK's own exceptions do not tell of it: what HttpClient throws when its time is over gets through, and would end whoever does not expect it.</summary>
    [Test]
    public async Task A_service_that_takes_requests_and_answers_none_fails_like_one_that_is_away()
    {
        await using var endpoint = new AwsEndpoint { IsMute = true };
        using var kms = Kms(endpoint, Impatience);
        using var s3 = new AmazonS3Client(Credentials, new AmazonS3Config { ServiceURL = endpoint.Url, ForcePathStyle = true, MaxErrorRetry = 0, Timeout = Impatience });
        var key = new KmsKeyEncryptionKey(kms, "key");
        var segment = new SegmentIdentity(Guid.NewGuid(), 1);
        Assert.That(async () => await key.GenerateAsync(segment, CancellationToken.None), Throws.InstanceOf<JournalKeyException>());
        Assert.That(async () => await key.UnwrapAsync(key.Id, new byte[64], segment, CancellationToken.None), Throws.InstanceOf<JournalKeyException>());
        Assert.That(() => KmsHeadSigner.OpenAsync(kms, "key", CancellationToken.None), Throws.InstanceOf<JournalKeyException>());
        var anchor = new S3HeadAnchor(s3, "bucket", "heads/", TimeSpan.FromDays(1), TimeProvider.System);
        Assert.That(() => anchor.KeepAsync(SomeHead(), CancellationToken.None), Throws.InstanceOf<IOException>());
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.Combine("segment"), "bytes");
        using var store = new SegmentStore(s3, new ShippingOptions { Bucket = "bucket" }, TimeProvider.System);
        Assert.That(
            () => store.KeepAsync("key", directory.Combine("segment"), "text/plain", isGrowing: false, CancellationToken.None), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Whoever_gives_up_waiting_for_Kms_is_told_that_and_not_that_Kms_failed()
    {
        await using var endpoint = new AwsEndpoint { IsMute = true };
        using var kms = Kms(endpoint);
        using var stop = new CancellationTokenSource();
        var asked = new KmsKeyEncryptionKey(kms, "key").GenerateAsync(new SegmentIdentity(Guid.NewGuid(), 1), stop.Token).AsTask();
        await stop.CancelAsync();
        Assert.That(() => asked, Throws.InstanceOf<OperationCanceledException>());
    }

    private static SignedHead SomeHead() => new(
        new JournalHead
        {
            JournalId = Guid.NewGuid(),
            Size = 1,
            Root = new byte[32],
            Chain = new byte[32],
            LastRecord = 1,
            Segment = 1,
            Offset = 4096,
            Previous = new byte[32],
            Time = DateTimeOffset.UnixEpoch,
        },
        "key", new byte[HeadVerificationKey.SignatureBytes]);

    private static AmazonKeyManagementServiceClient Kms(AwsEndpoint endpoint, TimeSpan? timeout = null) =>
        new(Credentials, new AmazonKeyManagementServiceConfig { ServiceURL = endpoint.Url, MaxErrorRetry = 0, AuthenticationRegion = "us-east-1", Timeout = timeout ?? TimeSpan.FromSeconds(100) });
}
