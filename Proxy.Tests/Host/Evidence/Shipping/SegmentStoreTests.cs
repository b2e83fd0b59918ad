using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Shipping;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Evidence.Shipping;

/// <summary>A request that is under way when shipping ends: one that is cut off may be kept, and sent again by the next start.</summary>
public sealed class SegmentStoreTests
{
    private AwsEndpoint _endpoint = null!;
    private TemporaryDirectory _directory = null!;
    private FakeTimeProvider _time = null!;
    private AmazonS3Client _s3 = null!;
    private CancellationTokenSource _stop = null!;

    [SetUp]
    public void Start()
    {
        _endpoint = new AwsEndpoint();
        _directory = new TemporaryDirectory();
        _time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        _s3 = new AmazonS3Client(
            new BasicAWSCredentials("test", "test"), new AmazonS3Config { ServiceURL = _endpoint.Url, ForcePathStyle = true, MaxErrorRetry = 0 });
        _stop = new CancellationTokenSource();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _stop.Dispose();
        _s3.Dispose();
        _directory.Dispose();
        await _endpoint.DisposeAsync();
    }

    [Test]
    public async Task May_still_end()
    {
        WhenAnObjectIsSent(_stop.Cancel);
        Assert.That(await KeepAsync(), Is.EqualTo(5));
        Assert.That(_endpoint.Objects[^1].Body, Does.Contain("bytes"));
    }

    [Test]
    public async Task Is_cut_off_when_the_store_does_not_answer()
    {
        var sent = new TaskCompletionSource();
        WhenAnObjectIsSent(() =>
        {
            _endpoint.IsMute = true;
            sent.SetResult();
        });
        var keeping = KeepAsync();
        await sent.Task;
        await _stop.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(() => keeping, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task None_begins_behind_the_end()
    {
        await _stop.CancelAsync();
        Assert.That(KeepAsync, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_endpoint.Objects, Is.Empty);
    }

    private void WhenAnObjectIsSent(Action then) => _s3.BeforeRequestEvent += (_, request) =>
    {
        if (request is WebServiceRequestEventArgs { Request: PutObjectRequest }) then();
    };

    private async Task<long> KeepAsync()
    {
        await File.WriteAllTextAsync(_directory.Combine("segment"), "bytes");
        using var store = new SegmentStore(_s3, new ShippingOptions { Bucket = "bucket" }, _time);
        return await store.KeepAsync("key", _directory.Combine("segment"), "text/plain", isGrowing: false, _stop.Token);
    }
}
