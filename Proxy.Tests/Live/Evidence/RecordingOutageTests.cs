using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Segments;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Shipping;
using Proxy.Tests.Host.Evidence;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>
/// The program while something that recording needs is away: sessions go on for as long as there is room, are then refused with a stable code, and go on
/// by themselves when it is back. What ran is what was answered, and all of it is recorded.
/// </summary>
[NonParallelizable]
public sealed class RecordingOutageTests
{
    private const string Bucket = "clinic-journal";

    /// <summary>Shipping gives a store twenty seconds to answer and tries again after ten, more than once where the store has only just come back.</summary>
    private static readonly TimeSpan ServiceReturns = TimeSpan.FromMinutes(2);

    private PostgresServer _server = null!;
    private string _database = null!;

    [SetUp]
    public async Task CreateDatabaseAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await CountedStatements.CreateDatabaseAsync(_server);
    }

    [Test]
    public async Task While_the_store_is_away_sessions_go_on_to_the_stated_limit_and_nothing_is_missing_there_afterwards()
    {
        await using var rados = await RadosGateway.StartAsync();
        using var s3 = RadosGateway.Client(JournalShipping.SettingsFor(new ShippingOptions { Bucket = Bucket, ServiceUrl = rados.Url }));
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = Bucket, ObjectLockEnabledForBucket = true });
        await using var gateway = await StartAsync(
            $"shipping: {{ bucket: {Bucket}, service-url: '{rados.Url}', retention-days: 1, segments-waiting-max: 3 }}", RadosGateway.Environment);
        await using var session = await CountedStatements.OpenAsync(gateway, _server, _database);
        await session.RunAsync(times: 30);
        await Eventually.IsTrueAsync(() => Task.FromResult(Shipped(gateway) >= 1), "the first segment is shipped");

        await rados.StopGatewayAsync();
        await RefusesAsync(session, gateway, "wait to be shipped, 3 may");
        Assert.That(LastSegment(gateway) - Shipped(gateway), Is.InRange(3, 4), "segments beyond the store, the last of them in use");

        await rados.StartGatewayAsync();
        await GoesOnAsync(session, gateway);
        await Eventually.IsTrueAsync(
            () => Task.FromResult(Shipped(gateway) >= LastSegment(gateway) - 2), "what waited is shipped: all but the segments in use and on stand-by",
            ServiceReturns);
        Assert.That(await gateway.StopAsync(), Is.Zero);
        await VerifiesAsync(session, gateway);
        await AllAreInTheStoreAsync(s3, gateway);
    }

    [Test]
    public async Task While_the_key_service_is_away_sessions_go_on_in_the_segment_that_stands_by()
    {
        await using var kms = new AwsEndpoint();
        await using var gateway = await StartAsync(Kms(kms), AwsEndpoint.Credentials);
        await using var session = await CountedStatements.OpenAsync(gateway, _server, _database);
        await session.RunAsync();

        kms.IsOut = true;
        await RefusesAsync(session, gateway, "KMS gave no data key");
        Assert.That(session.BytesAnswered, Is.GreaterThan(CountedStatements.SegmentBytes), "the segment that stood by is full, too");

        kms.IsOut = false;
        await GoesOnAsync(session, gateway);
        Assert.That(await gateway.StopAsync(), Is.Zero);
        var publicKey = Path.Combine(gateway.ConfigurationDirectory, "kms.pub");
        await File.WriteAllTextAsync(publicKey, kms.PublicKeyPem);
        await VerifiesAsync(session, gateway, "--public-key", publicKey);
    }

    [Test]
    public async Task When_the_key_service_is_away_at_the_start_the_program_does_not_start_and_says_why()
    {
        await using var kms = new AwsEndpoint { IsOut = true };
        Assert.That(
            () => StartAsync(Kms(kms), AwsEndpoint.Credentials),
            Throws.InvalidOperationException.With.Message.Contains("phigate cannot start: KMS does not give the public key of key"));
    }

    [Test]
    public async Task On_a_full_disk_statements_are_refused_and_go_on_when_there_is_room_again()
    {
        await using var disk = await MemoryFileSystem.MountAsync("size=5m");
        await using var gateway = await StartAsync("", prepare: disk.LinkAsync);
        await using var session = await CountedStatements.OpenAsync(gateway, _server, _database);
        await RefusesAsync(session, gateway, "cannot be prepared: No space left on device");

        await disk.RemountAsync("size=64m");
        await GoesOnAsync(session, gateway);
        Assert.That(await gateway.StopAsync(), Is.Zero);
        await VerifiesAsync(session, gateway);
    }

    private Task<PhiGateProcess> StartAsync(
        string journal, IReadOnlyDictionary<string, string?>? environment = null, Func<string, Task>? prepare = null) =>
        PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = _server,
            Database = _database,
            Journal = $"{CountedStatements.Journal}\n{journal}",
            Limits = CountedStatements.Limits,
            Environment = environment ?? new Dictionary<string, string?>(),
            PrepareJournal = prepare,
        });

    /// <summary>Statements run for a while, and are then refused by a code that stays; whoever asks for health is told why.</summary>
    private static async Task RefusesAsync(CountedStatements session, PhiGateProcess gateway, string reason)
    {
        var refusal = await session.RunUntilRefusedAsync();
        Assert.That(refusal.SqlState, Is.EqualTo("58030"));
        Assert.That(refusal.Detail, Does.Contain("journal-unavailable"));
        await Eventually.IsTrueAsync(
            async () => await gateway.GetAsync("readyz") is (HttpStatusCode.ServiceUnavailable, var body) && body.Contains(reason, StringComparison.Ordinal),
            $"/readyz says: {reason}");
        Assert.That((await session.RunUntilRefusedAsync()).SqlState, Is.EqualTo("58030"), "whoever comes again is refused again");
    }

    private static async Task GoesOnAsync(CountedStatements session, PhiGateProcess gateway)
    {
        var said = "";
        try
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    (var status, said) = await gateway.GetAsync("readyz");
                    return status is HttpStatusCode.OK;
                },
                "it is ready again",
                ServiceReturns);
        }
        catch (AssertionException never)
        {
            throw new AssertionException($"{never.Message}\n/readyz: {said}\n{gateway.Output}", never);
        }
        await session.RunAsync(times: 30);
    }

    /// <summary>What ran was answered and recorded, nothing else ran, and the journal is whole.</summary>
    private static async Task VerifiesAsync(CountedStatements session, PhiGateProcess gateway, params string[] options)
    {
        Assert.That(await session.RanAsync(), Is.EqualTo(session.Answered), "what was refused did not run");
        var outcomes = RecordedEvents.Plain<DecodedOutcome>(gateway.JournalDirectory);
        Assert.That(outcomes.Count(static outcome => outcome is { Status: OutcomeStatus.Completed, CommandTag: "SELECT 1" }), Is.GreaterThanOrEqualTo(session.Answered));
        var verified = await Command.RunAsync(PhiGateProcess.Program, ["audit", "verify", gateway.JournalDirectory, .. options]);
        Assert.That(verified.ExitCode, Is.Zero, verified.Output + verified.Errors);
        Assert.That(verified.Output, Does.Contain("the journal is whole").And.Not.Contain("unknown "));
    }

    /// <summary>Every segment that is full, as it is here. The last one ended with the program, and goes with the next start.</summary>
    private static async Task AllAreInTheStoreAsync(AmazonS3Client s3, PhiGateProcess gateway)
    {
        var stored = new Dictionary<string, string>();
        await foreach (var found in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Bucket }).S3Objects)
        {
            if (!found.Key.EndsWith(".journal", StringComparison.Ordinal)) continue;
            using var content = await s3.GetObjectAsync(Bucket, found.Key);
            stored.Add(found.Key.Split('/')[^1], Convert.ToHexString(await SHA256.HashDataAsync(content.ResponseStream)));
        }

        var shipped = Shipped(gateway);
        var here = SegmentFileName.Numbers(gateway.JournalDirectory);
        Assert.That(shipped, Is.GreaterThanOrEqualTo(here[^1] - 2));
        Assert.That(stored.Keys, Has.Count.EqualTo(shipped));
        foreach (var number in here.Where(number => number <= shipped))
        {
            var path = SegmentFileName.Of(gateway.JournalDirectory, number);
            Assert.That(stored[Path.GetFileName(path)], Is.EqualTo(Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(path)))), path);
        }
    }

    private static long Shipped(PhiGateProcess gateway) => ShippingPosition.Read(ShippingPosition.PathFor(gateway.JournalDirectory));

    private static long LastSegment(PhiGateProcess gateway) => SegmentFileName.Numbers(gateway.JournalDirectory)[^1];

    private static string Kms(AwsEndpoint kms) => $"kms: {{ sealing-key: key, signing-key: key, region: us-east-1, service-url: '{kms.Url}' }}";
}
