using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Retention;
using Proxy.Tests.Core.Journal;
using JournalOptions = Proxy.Host.Configuration.Gateway.JournalOptions;

namespace Proxy.Tests.Host.Evidence.Retention;

public sealed class JournalRetentionTests
{
    private static readonly RetentionOptions AtOnce = new() { Days = 0, ContentDays = 0, DocumentationDays = 0 };

    private EvidenceDirectory _evidence = null!;

    [SetUp]
    public void MakeDirectory() => _evidence = new EvidenceDirectory();

    [TearDown]
    public void RemoveDirectory() => _evidence.Dispose();

    [Test]
    public async Task Whatever_goes_wrong_is_tried_again_and_the_journal_is_closed_all_the_same()
    {
        await using var journal = await FilledAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var broken = new BrokenJournal();
        var retention = Start(broken, time);
        await JournalDirectory.EventuallyAsync(() =>
        {
            time.Advance(TimeSpan.FromHours(1));
            return broken.Attempts > 2;
        });
        Assert.That(async () => await retention.DisposeAsync(), Throws.Nothing);
    }

    [Test]
    public async Task Content_is_erased_before_records_are_purged_so_that_what_is_kept_of_them_takes_no_key_along()
    {
        await using (var journal = await FilledAsync())
        {
            await using var retention = Start(journal, TimeProvider.System);
            await JournalDirectory.EventuallyAsync(() => _evidence.Segments()[0] > 1);
        }

        var report = _evidence.Verify();
        Assert.That((report.Findings.Length, report.Purged?.FirstSegment), Is.EqualTo((0, 1L)));
        Assert.That(report.ErasedContents.Select(static erased => erased.FirstSegment), Is.EqualTo(new[] { 1L }));
    }

    private JournalRetention Start(IJournal journal, TimeProvider time) =>
        new(new JournalOptions { Directory = _evidence.Journal.Path }, AtOnce, journal, _evidence.SealingKey, time, NullLogger.Instance);

    private async Task<MappedJournal> FilledAsync()
    {
        var journal = await _evidence.OpenAsync();
        await EvidenceDirectory.FillAsync(journal);
        await _evidence.HaveEndedAsync(journal);
        return journal;
    }

    private sealed class BrokenJournal : IJournal
    {
        private int _attempts;

        public int Attempts => Volatile.Read(ref _attempts);

        public bool TryAppend<TRecord>(scoped in TRecord record, out long number) where TRecord : IJournalRecord, allows ref struct
        {
            Interlocked.Increment(ref _attempts);
            throw new InvalidOperationException("a defect");
        }
    }
}
