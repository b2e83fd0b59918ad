using Amazon.S3;
using Amazon.S3.Model;
using DuckDB.NET.Data;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Verification;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence;
using Proxy.Host.Evidence.Shipping;
using Proxy.Tests.Support;
using CoreJournalOptions = Proxy.Core.Journal.JournalOptions;

namespace Proxy.Tests.Host.Evidence.Shipping;

/// <summary>The journal in a real S3 with Object Lock: whole, held, resumed after an outage, and answered for by another engine.</summary>
[NonParallelizable]
public sealed class ShippingTests
{
    private const string Bucket = "clinic-journal";
    private const int Statements = 900;

    private TemporaryDirectory _directory = null!;
    private RadosGateway _rados = null!;
    private ShippingOptions _options = null!;
    private AmazonS3Client _s3 = null!;

    private string Journal => _directory.Combine("journal");

    [OneTimeSetUp]
    public async Task StartStoreAsync()
    {
        _directory = new TemporaryDirectory();
        _rados = await RadosGateway.StartAsync();
        _options = new ShippingOptions { Bucket = Bucket, ServiceUrl = _rados.Url, RetentionDays = 1 };
        _s3 = RadosGateway.Client(JournalShipping.SettingsFor(_options));
        await _s3.PutBucketAsync(new PutBucketRequest { BucketName = Bucket, ObjectLockEnabledForBucket = true });
        await ShipThroughAnOutageAsync();
    }

    [OneTimeTearDown]
    public async Task StopStoreAsync()
    {
        _s3.Dispose();
        await _rados.DisposeAsync();
        _directory.Dispose();
    }

    [Test]
    public async Task The_journal_in_the_store_verifies()
    {
        using var copy = new TemporaryDirectory();
        foreach (var key in (await KeysAsync()).Order(StringComparer.Ordinal))
        {
            var name = key.Split('/')[^1];
            if (key.Contains("/segments/", StringComparison.Ordinal)) await FetchAsync(key, copy.Combine(name));
            if (key.Contains("/heads/", StringComparison.Ordinal)) await FetchAsync(key, copy.Combine("journal.heads"), FileMode.Append);
        }

        using var signing = HeadVerificationKey.FromPem(await File.ReadAllTextAsync(JournalKeyDirectory.PublicKeyPath(JournalKeyDirectory.DefaultFor(Journal))));
        var report = JournalVerifier.Run(copy.Path, [signing], [], progress: null, CancellationToken.None);
        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.Records, Is.EqualTo((2 * Statements) + 1));
    }

    [Test]
    public async Task What_was_shipped_cannot_be_deleted_before_its_time()
    {
        var key = (await KeysAsync()).First(static key => key.Contains("/segments/", StringComparison.Ordinal));
        var version = (await _s3.ListVersionsAsync(new ListVersionsRequest { BucketName = Bucket, Prefix = key })).Versions.Single();
        Assert.That(
            () => _s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Bucket, Key = key, VersionId = version.VersionId }),
            Throws.InstanceOf<AmazonS3Exception>().With.Property("ErrorCode").EqualTo("AccessDenied"));
        var retention = (await _s3.GetObjectRetentionAsync(new GetObjectRetentionRequest { BucketName = Bucket, Key = key })).Retention;
        Assert.That(retention.Mode, Is.EqualTo(ObjectLockRetentionMode.Compliance));
    }

    [Test]
    public async Task Nothing_was_sent_twice()
    {
        var versions = (await _s3.ListVersionsAsync(new ListVersionsRequest { BucketName = Bucket })).Versions;
        Assert.That(versions.Select(static version => version.Key), Is.Unique);
    }

    [Test]
    public async Task Another_engine_answers_from_the_parquet_beside_the_segments()
    {
        using var copy = new TemporaryDirectory();
        foreach (var key in (await KeysAsync()).Where(static key => key.Contains("/statements/", StringComparison.Ordinal)))
        {
            var path = copy.Combine(key.Split('/').AsSpan(^2));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await FetchAsync(key, path);
        }

        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"select Human, count(*), cast(sum(Rows) as bigint) from read_parquet('{copy.Path}/*/*.parquet', hive_partitioning = true) where Kind = 'outcome' group by all";
        await using var reader = await command.ExecuteReaderAsync();
        Assert.That(await reader.ReadAsync(), Is.True);
        Assert.That((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)), Is.EqualTo(("ada", (long)Statements, 3L * Statements)));
    }

    [Test]
    public async Task Heads_are_sent_once_and_begin_where_those_before_them_end()
    {
        var shipped = 0L;
        foreach (var key in (await KeysAsync()).Where(static key => key.Contains("/heads/", StringComparison.Ordinal)))
            shipped += (await _s3.GetObjectMetadataAsync(Bucket, key)).ContentLength;
        Assert.That(shipped, Is.EqualTo(new FileInfo(Path.Combine(Journal, "journal.heads")).Length).And.EqualTo(ShippingPosition.ReadBoth(ShippingPosition.PathFor(Journal)).HeadBytes));
    }

    [Test]
    public async Task A_piece_of_heads_ends_with_a_whole_one()
    {
        using var directory = new TemporaryDirectory();
        var (heads, piece) = (directory.Combine("journal.heads"), directory.Combine("piece"));
        await File.WriteAllTextAsync(heads, "first\n\nsecond\n\nhalf");
        Assert.That(await HeadPiece.WriteAsync(heads, from: 7, piece, CancellationToken.None), Is.True);
        Assert.That(await File.ReadAllTextAsync(piece), Is.EqualTo("second\n\n"));
        Assert.That(await HeadPiece.WriteAsync(heads, from: 15, piece, CancellationToken.None), Is.False);
        Assert.That(() => HeadPiece.WriteAsync(heads, from: 99, piece, CancellationToken.None), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void A_journal_whose_segments_wait_too_long_takes_no_further_one()
    {
        var (shipped, headBytes) = ShippingPosition.ReadBoth(ShippingPosition.PathFor(Journal));
        Assert.That(new ShippingBacklog(Journal, waitingMax: 1).RefusalOf(shipped + 1), Is.Null);
        ShippingPosition.Write(ShippingPosition.PathFor(Journal), segment: 0, headBytes: 0);
        Assert.That(new ShippingBacklog(Journal, waitingMax: 1).RefusalOf(shipped + 1), Does.Contain("wait to be shipped, 1 may"));
        ShippingPosition.Write(ShippingPosition.PathFor(Journal), shipped, headBytes);
    }

    /// <summary>Half of it; then the store is away while the rest is written, and shipping starts anew while it still is.</summary>
    private async Task ShipThroughAnOutageAsync()
    {
        await FillAsync(first: 0, Statements / 2);
        await using (StartShipping())
            await Eventually.IsTrueAsync(() => Task.FromResult(ShippingPosition.Read(ShippingPosition.PathFor(Journal)) >= 2), "the first segments are shipped");
        await _rados.StopGatewayAsync();
        await FillAsync(Statements / 2, Statements);
        await using (StartShipping())
        {
            await Task.Delay(1500);
            await _rados.StartGatewayAsync();
            var last = Directory.GetFiles(Journal, "*.journal").Length;
            await Eventually.IsTrueAsync(() => Task.FromResult(ShippingPosition.Read(ShippingPosition.PathFor(Journal)) == last), "all are shipped");
        }
    }

    private JournalShipping StartShipping() => JournalShipping.Start(
        Journal, RadosGateway.Client(JournalShipping.SettingsFor(_options)), _options, TimeProvider.System, NullLogger.Instance);

    private async Task FillAsync(int first, int end)
    {
        using var keys = JournalKeyDirectory.OpenOrCreate(JournalKeyDirectory.DefaultFor(Journal), Journal);
        await using var journal = await MappedJournal.OpenAsync(
            new CoreJournalOptions
            {
                Directory = Journal,
                SegmentBytes = CoreJournalOptions.SegmentBytesMin,
                SegmentsReady = 4,
                Evidence = new JournalEvidence { SealingKey = keys.Sealing, Signer = keys.Signer },
            },
            TimeProvider.System, CancellationToken.None);
        var session = new Guid(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        if (first == 0)
        {
            var opened = new SessionOpenedRecord { SessionId = session, Human = "ada", Agent = "agent-1", Target = "hospital" };
            Assert.That(journal.TryAppend(in opened, out _));
        }
        for (var i = first; i < end; i++)
        {
            while (!TryAppend(journal, session)) await Task.Delay(5);
        }
    }

    private static bool TryAppend(MappedJournal journal, Guid session)
    {
        var intent = new IntentRecord { SessionId = session, Text = "select name from patients"u8, Verdict = Verdict.Mask, Relations = ["public.patients"] };
        if (!journal.TryAppend(in intent, out var number)) return false;
        var outcome = new OutcomeRecord { SessionId = session, Statement = number, Status = OutcomeStatus.Completed, Rows = 3 };
        return journal.TryAppend(in outcome, out _);
    }

    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var found in _s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Bucket }).S3Objects)
            keys.Add(found.Key);
        return keys;
    }

    private async Task FetchAsync(string key, string path, FileMode mode = FileMode.Create)
    {
        using var found = await _s3.GetObjectAsync(Bucket, key);
        await using var file = new FileStream(path, mode);
        await found.ResponseStream.CopyToAsync(file);
    }
}
