using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Retention;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;

namespace Proxy.Tests.Core.Journal.Retention;

/// <summary>What is sealed in old segments can be read no more, by nobody; everything else stays, and verifies; a key that is gone otherwise is found.</summary>
public sealed class ContentErasureTests
{
    private const int KeyOffset = 680;
    private const int HashOffset = 2728;

    private EvidenceDirectory _evidence = null!;

    [SetUp]
    public void MakeDirectory() => _evidence = new EvidenceDirectory();

    [TearDown]
    public void RemoveDirectory() => _evidence.Dispose();

    [Test]
    public async Task What_is_sealed_is_gone_with_its_key_and_the_rest_of_the_record_stays()
    {
        await using var journal = await FilledAsync();
        var before = await TextsAsync();
        var erased = await EraseAsync(journal);
        var after = await TextsAsync();
        Assert.That(erased, Is.GreaterThan(3));
        Assert.That(after.Keys, Is.SupersetOf(before.Keys), "no record is gone");
        var lastErased = _evidence.Segments()[0] + erased - 1;
        Assert.That(after.Where(record => record.Value.Segment <= lastErased).Select(record => record.Value.Text), Is.All.Null, "what is erased");
        Assert.That(after.Where(record => record.Value.Segment > lastErased).Select(record => record.Value.Text), Is.All.Not.Null, "what is not");
    }

    [Test]
    public async Task The_journal_verifies_says_what_was_erased_and_goes_on_with_the_edge_of_its_tree_and_without()
    {
        await using (var journal = await FilledAsync())
            await EraseAsync(journal);
        var report = _evidence.Verify();
        Assert.That(report.Findings, Is.Empty, string.Join('\n', report.Findings));
        Assert.That(report.ErasedContents.Select(erased => (erased.FirstSegment, erased.Rule)), Is.EqualTo(new[] { (1L, "content older than 0 days") }));

        File.Delete(Path.Combine(_evidence.Journal.Path, "journal.tree"));
        await using (var next = await _evidence.OpenAsync())
            JournalDirectory.Append(next, 100);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task A_second_run_goes_on_where_the_first_one_ended()
    {
        await using (var journal = await FilledAsync())
        {
            await EraseAsync(journal);
            await EvidenceDirectory.FillAsync(journal);
            Assert.That(await EraseAsync(journal), Is.GreaterThan(3));
        }

        var report = _evidence.Verify();
        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.ErasedContents[1].FirstSegment, Is.EqualTo(report.ErasedContents[0].LastSegment + 1));
    }

    [Test]
    public async Task Segments_without_their_content_are_purged_like_others_and_erasing_goes_on_behind()
    {
        await using (var journal = await FilledAsync())
        {
            await EraseAsync(journal);
            await EvidenceDirectory.FillAsync(journal);
            await _evidence.HaveEndedAsync(journal);
            await new JournalPurge(_evidence.Journal.Path, journal, TimeProvider.System).RunAsync(new PurgeRule(TimeSpan.Zero), lastPermitted: 6, CancellationToken.None);
            Assert.That(_evidence.Segments()[0], Is.EqualTo(7));
            Assert.That(await EraseAsync(journal), Is.GreaterThan(0));
        }

        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task A_key_that_is_gone_without_a_record_is_found()
    {
        await using (var journal = await FilledAsync())
            await _evidence.HaveEndedAsync(journal);
        using var walk = new SignedWalk(_evidence.Journal.Path);
        Assert.That(walk.TryBegin(purged: null), Is.True);
        SegmentHeader.EraseKey(_evidence.Journal.SegmentPath(1), walk.Take(1).HeaderHash);
        Assert.That(_evidence.Verify().Findings.Select(finding => finding.ToString()), Has.Some.Contains("no record says that it was erased"));
    }

    [Test]
    public async Task Every_change_of_a_header_without_its_key_is_found([Values(20, 50, 58, 66, 72, 100, 161, 163, 170, 700, 2727, 2730, 2761, 4000)] int offset)
    {
        await using (var journal = await FilledAsync())
            await EraseAsync(journal);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
        _evidence.Journal.Poke(2, offset, (byte)(_evidence.Journal.Peek(2, offset) ^ 1));
        Assert.That(_evidence.Verify().Findings, Is.Not.Empty);
    }

    [Test]
    public async Task What_is_not_what_was_signed_is_not_erased()
    {
        await using var journal = await FilledAsync();
        await _evidence.HaveEndedAsync(journal);
        _evidence.Journal.Poke(2, 4096 + 40, (byte)(_evidence.Journal.Peek(2, 4096 + 40) ^ 1));
        Assert.That(async () => await EraseAsync(journal), Throws.InstanceOf<JournalFormatException>());
        Assert.That(_evidence.Journal.Peek(1, HashOffset), Is.Zero);
    }

    [Test]
    public async Task An_erasing_that_was_interrupted_is_finished_by_the_next()
    {
        await using var journal = await FilledAsync();
        await _evidence.HaveEndedAsync(journal);
        var key = Enumerable.Range(KeyOffset, 60).Select(offset => _evidence.Journal.Peek(1, offset)).ToArray();
        var erasure = new ContentErasure(_evidence.Journal.Path, journal, TimeProvider.System);
        Assert.That(await erasure.RunAsync(TimeSpan.Zero, lastPermitted: 1, CancellationToken.None), Is.EqualTo(1));
        _evidence.Journal.Poke(1, KeyOffset, key);
        Assert.That(_evidence.Verify().Findings.Select(finding => finding.ToString()), Has.Some.Contains("the erasing is not finished"));
        await erasure.RunAsync(TimeSpan.Zero, lastPermitted: 1, CancellationToken.None);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task What_is_young_or_not_permitted_keeps_its_content()
    {
        await using var journal = await FilledAsync();
        await _evidence.HaveEndedAsync(journal);
        var erasure = new ContentErasure(_evidence.Journal.Path, journal, TimeProvider.System);
        Assert.That(await erasure.RunAsync(TimeSpan.FromDays(1), long.MaxValue, CancellationToken.None), Is.Zero);
        Assert.That(await erasure.RunAsync(TimeSpan.Zero, lastPermitted: 2, CancellationToken.None), Is.EqualTo(2));
        Assert.That(_evidence.Journal.Peek(3, KeyOffset) + _evidence.Journal.Peek(3, KeyOffset + 1), Is.Not.Zero);
    }

    [Test]
    public async Task A_segment_that_was_begun_in_time_and_written_to_later_keeps_its_content_and_is_no_hindrance()
    {
        await using (var journal = await FilledAsync())
        {
            await _evidence.HaveEndedAsync(journal);
            var clock = new StoppedClock(NewestOf(segment: 3).AddTicks(1));
            Assert.That(await new ContentErasure(_evidence.Journal.Path, journal, clock).RunAsync(TimeSpan.Zero, long.MaxValue, CancellationToken.None), Is.EqualTo(3));
        }

        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    private DateTimeOffset NewestOf(long segment) =>
        _evidence.Journal.ReadAll().Entries.Where(entry => entry.Segment == segment).Max(static entry => entry.Time);

    private async Task<MappedJournal> FilledAsync()
    {
        var journal = await _evidence.OpenAsync();
        await EvidenceDirectory.FillAsync(journal);
        return journal;
    }

    /// <summary>All that has ended and is signed, whatever its age.</summary>
    private async Task<int> EraseAsync(MappedJournal journal)
    {
        await _evidence.HaveEndedAsync(journal);
        return await new ContentErasure(_evidence.Journal.Path, journal, TimeProvider.System).RunAsync(TimeSpan.Zero, long.MaxValue, CancellationToken.None);
    }

    /// <summary>The intents by number, as somebody with the sealing key reads them: where they are, and their text, null when it stays sealed.</summary>
    private async Task<Dictionary<long, (long Segment, string? Text)>> TextsAsync()
    {
        using var keys = await SegmentKeyRing.LoadAsync(_evidence.Journal.Path, _evidence.SealingKey, CancellationToken.None);
        using var reader = new JournalReader(_evidence.Journal.Path, keys: keys);
        var texts = new Dictionary<long, (long, string?)>();
        while (reader.Read() is var step and not JournalReadResult.End)
        {
            Assert.That(step, Is.EqualTo(JournalReadResult.Record));
            if (RecordDecoder.Decode(reader.Entry) is DecodedIntent intent)
                texts.Add(reader.Entry.Number, (reader.Entry.Segment, reader.Entry.IsSealed ? null : Encoding.Latin1.GetString(intent.Text)));
        }
        return texts;
    }

    /// <summary>Says one time; waiting takes as long as it takes.</summary>
    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
