using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Retention;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Verification;
using Proxy.Host.Evidence.Index;

namespace Proxy.Tests.Core.Journal.Retention;

/// <summary>What is purged is named by a signed record, and what is left verifies; what was cut is not and does not.</summary>
public sealed class PurgeTests
{
    private EvidenceDirectory _evidence = null!;

    [SetUp]
    public void MakeDirectory() => _evidence = new EvidenceDirectory();

    [TearDown]
    public void RemoveDirectory() => _evidence.Dispose();

    [Test]
    public async Task A_purged_journal_verifies_says_what_is_missing_and_goes_on()
    {
        await using (var journal = await FilledAsync())
            Assert.That(await PurgeAsync(journal), Is.GreaterThan(3));
        var report = _evidence.Verify();
        Assert.That(report.Findings, Is.Empty, string.Join('\n', report.Findings));
        Assert.That(
            (report.Purged?.FirstSegment, report.Purged?.LastSegment, report.Purged?.Rule),
            Is.EqualTo((1L, _evidence.Segments()[0] - 1, "older than 0 days")));

        await using (var next = await _evidence.OpenAsync())
            JournalDirectory.Append(next, 100);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task A_purged_journal_goes_on_without_the_edge_of_its_tree()
    {
        await using (var journal = await FilledAsync())
            await PurgeAsync(journal);
        File.Delete(Path.Combine(_evidence.Journal.Path, "journal.tree"));
        await using (var next = await _evidence.OpenAsync())
            JournalDirectory.Append(next, 100);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task A_second_purge_goes_on_where_the_first_one_ended()
    {
        long first;
        await using (var journal = await FilledAsync())
        {
            await PurgeAsync(journal);
            first = _evidence.Segments()[0];
            await EvidenceDirectory.FillAsync(journal);
            await PurgeAsync(journal);
        }

        var report = _evidence.Verify();
        Assert.That((report.Findings.Length, report.Purged?.FirstSegment, report.Purged?.LastSegment), Is.EqualTo((0, first, _evidence.Segments()[0] - 1)));
    }

    [Test]
    public async Task A_beginning_that_was_cut_off_is_found_with_a_purge_before_it_or_without()
    {
        await using (var journal = await FilledAsync())
        {
            await PurgeAsync(journal);
            await EvidenceDirectory.FillAsync(journal);
        }

        var segments = _evidence.Segments();
        File.Delete(_evidence.Journal.SegmentPath(segments[0]));
        Assert.That(_evidence.Verify().Findings, Is.Not.Empty, "behind a purge");

        using var other = new EvidenceDirectory();
        await using (var journal = await other.OpenAsync())
            await EvidenceDirectory.FillAsync(journal);
        File.Delete(other.Journal.SegmentPath(1));
        Assert.That(other.Verify().Findings, Is.Not.Empty, "without a purge");
    }

    [Test]
    public async Task What_is_not_what_was_signed_is_not_purged()
    {
        await using var journal = await FilledAsync();
        await _evidence.HaveEndedAsync(journal);
        _evidence.Journal.Poke(2, 4096 + 40, (byte)(_evidence.Journal.Peek(2, 4096 + 40) ^ 1));
        Assert.That(async () => await PurgeAsync(journal), Throws.InstanceOf<JournalFormatException>());
        Assert.That(_evidence.Segments()[0], Is.EqualTo(1));
    }

    [Test]
    public async Task A_purge_that_was_interrupted_is_none_to_the_verifier_and_is_finished_by_the_next()
    {
        using var kept = new Proxy.Tests.Support.TemporaryDirectory();
        await using var journal = await FilledAsync();
        foreach (var segment in _evidence.Segments())
            File.Copy(_evidence.Journal.SegmentPath(segment), kept.Combine($"{segment}"));
        await PurgeAsync(journal);
        var last = _evidence.Segments()[0] - 1;
        File.Copy(kept.Combine($"{last}"), _evidence.Journal.SegmentPath(last));

        var report = JournalVerifier.Run(_evidence.Journal.Path, [_evidence.Signer.PublicKey], [], progress: null, CancellationToken.None);
        Assert.That((report.Findings.Length, report.Purged?.LastSegment), Is.EqualTo((0, last)));
        await new JournalPurge(_evidence.Journal.Path, journal, TimeProvider.System).RunAsync(new PurgeRule(TimeSpan.Zero), long.MaxValue, CancellationToken.None);
        Assert.That(_evidence.Segments()[0], Is.GreaterThan(last));
    }

    [Test]
    public async Task What_is_young_or_not_permitted_stays()
    {
        await using var journal = await FilledAsync();
        await _evidence.HaveEndedAsync(journal);
        var purge = new JournalPurge(_evidence.Journal.Path, journal, TimeProvider.System);
        Assert.That(await purge.RunAsync(new PurgeRule(TimeSpan.FromDays(1)), long.MaxValue, CancellationToken.None), Is.Zero);
        Assert.That(await purge.RunAsync(new PurgeRule(TimeSpan.Zero), lastPermitted: 2, CancellationToken.None), Is.EqualTo(2));
        Assert.That(_evidence.Segments()[0], Is.EqualTo(3));
    }

    [Test]
    public async Task What_a_record_names_that_nobody_has_signed_is_not_purged_by_the_next_run_either()
    {
        var signer = new UnreliableSigner(_evidence.Signer);
        var options = _evidence.Options();
        await using var journal = await MappedJournal.OpenAsync(options with { Evidence = options.Evidence! with { Signer = signer } }, TimeProvider.System, CancellationToken.None);
        await EvidenceDirectory.FillAsync(journal);
        await PurgeAsync(journal);
        await EvidenceDirectory.FillAsync(journal);
        await _evidence.HaveEndedAsync(journal);
        var segments = _evidence.Segments();

        signer.IsAway = true;
        for (var run = 1; run <= 2; run++)
        {
            var purge = new JournalPurge(_evidence.Journal.Path, journal, new ImpatientClock());
            Assert.That(
                async () => await purge.RunAsync(new PurgeRule(TimeSpan.Zero), long.MaxValue, CancellationToken.None),
                Throws.InstanceOf<IOException>().With.Message.EqualTo("Nothing is purged: the record of it is not signed."), $"run {run}");
            Assert.That(_evidence.Segments(), Is.SupersetOf(segments), $"run {run}");
        }

        signer.IsAway = false;
        Assert.That(await PurgeAsync(journal), Is.GreaterThan(3));
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task The_index_forgets_what_was_purged()
    {
        await using var journal = await FilledAsync();
        var path = AuditIndex.DefaultPathFor(_evidence.Journal.Path);
        try
        {
            using (AuditIndex.Open(_evidence.Journal.Path, path, CancellationToken.None))
            {
            }

            await PurgeAsync(journal);
            using var index = AuditIndex.Open(_evidence.Journal.Path, path, CancellationToken.None);
            var rows = index.Search(new StatementQuery { Limit = int.MaxValue });
            Assert.That((rows.Count > 0, rows.Min(row => row.Number) >= JournalReader.FirstRecordOf(_evidence.Journal.Path)), Is.EqualTo((true, true)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<MappedJournal> FilledAsync()
    {
        var journal = await _evidence.OpenAsync();
        await EvidenceDirectory.FillAsync(journal);
        return journal;
    }

    /// <summary>All that has ended and is signed, whatever its age.</summary>
    private async Task<int> PurgeAsync(MappedJournal journal)
    {
        await _evidence.HaveEndedAsync(journal);
        return await new JournalPurge(_evidence.Journal.Path, journal, TimeProvider.System).RunAsync(new PurgeRule(TimeSpan.Zero), long.MaxValue, CancellationToken.None);
    }

    private sealed class UnreliableSigner(IHeadSigner signer) : IHeadSigner
    {
        public volatile bool IsAway;

        public HeadVerificationKey PublicKey => signer.PublicKey;

        public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
            IsAway ? throw new JournalKeyException("the key service is away") : signer.SignAsync(message, cancellation);
    }

    /// <summary>Each look at it is a minute later than the one before.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * 60 * TimestampFrequency;
    }
}
