using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Recovery;

namespace Proxy.Tests.Core.Journal;

/// <summary>Copies of a live journal stand for what a killed process leaves: the page cache keeps exactly the bytes that a copy sees.</summary>
public sealed class JournalRecoveryTests
{
    private const int Records = 400;
    private const int HeaderBytes = 32;

    private JournalDirectory _live = null!;
    private MappedJournal _journal = null!;
    private List<JournalEntry> _originals = null!;

    [SetUp]
    public async Task AppendAcrossSegments()
    {
        _live = new JournalDirectory();
        _journal = await _live.OpenAsync();
        for (int i = 0; i < Records;)
        {
            if (JournalDirectory.TryAppend(_journal, i % 700, out long number))
                i++;
            else
                await Task.Yield();
            if (number > 0 && number % 7 != 0)
                Assert.That(JournalDirectory.TryConclude(_journal, number), Is.True);
        }
        _originals = _live.ReadAll().Entries;
    }

    [TearDown]
    public async Task CloseJournal()
    {
        await _journal.DisposeAsync();
        _live.Dispose();
    }

    [Test]
    public async Task Every_published_record_survives_and_numbering_goes_on_in_a_new_segment()
    {
        using JournalDirectory crashed = _live.Copy();
        await using MappedJournal journal = await crashed.OpenAsync();
        RecoveryReport report = journal.Recovery;
        Assert.That(report.WasClean, Is.False);
        Assert.That(report.TornCount, Is.Zero);
        Assert.That(report.RecordsRead, Is.EqualTo(_originals.Count));
        Assert.That(report.NextRecord, Is.EqualTo(_originals[^1].Number + 1));
        Assert.That(report.NextSegment, Is.EqualTo(_originals[^1].Segment + 1));
        Assert.That(JournalDirectory.Append(journal, 3), Is.EqualTo(report.NextRecord + report.UnknownOutcomes.Length));
        AssertPrefix(crashed.ReadAll().Entries, _originals);
    }

    [Test]
    public async Task Statements_without_an_outcome_are_listed_and_concluded_as_unknown()
    {
        using JournalDirectory crashed = _live.Copy();
        var expected = Intents().Select(intent => intent.Number).Except(Outcomes().Select(outcome => outcome.Statement)).ToList();
        await using (MappedJournal journal = await crashed.OpenAsync())
            Assert.That(journal.Recovery.UnknownOutcomes.Select(statement => statement.Number), Is.EqualTo(expected).And.Not.Empty);

        IEnumerable<long> concluded = crashed.ReadAll().Entries.Skip(_originals.Count)
            .Select(entry => (DecodedOutcome)RecordDecoder.Decode(entry))
            .Where(outcome => outcome.Status == OutcomeStatus.Unknown)
            .Select(outcome => outcome.Statement);
        Assert.That(concluded, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_record_that_was_never_published_is_torn_and_what_follows_it_is_kept()
    {
        JournalEntry torn = _originals[^5];
        using JournalDirectory crashed = _live.Copy();
        crashed.Poke(torn.Segment, torn.Offset, new byte[8]);
        await using MappedJournal journal = await crashed.OpenAsync();
        JournalDamage damage = journal.Recovery.Torn.Single();
        Assert.That(damage, Is.EqualTo(new JournalDamage(torn.Segment, torn.Offset, DamageKind.Unpublished, torn.Number, torn.Kind)));
        Assert.That(damage.ToString(), Does.Contain($"segment {torn.Segment}, offset {torn.Offset}, record {torn.Number}"));
        Assert.That(Originals(crashed), Is.EqualTo(Numbers(_originals).Where(number => number != torn.Number)));
    }

    [Test]
    public async Task A_hole_whose_header_was_not_written_yet_is_passed_by_looking_for_the_next_record()
    {
        int index = _originals.Count - 5;
        JournalEntry torn = _originals[index];
        using JournalDirectory crashed = _live.Copy();
        crashed.Poke(torn.Segment, torn.Offset, new byte[HeaderBytes + torn.Body.Length]);
        await using MappedJournal journal = await crashed.OpenAsync();
        Assert.That(journal.Recovery.Torn.Single().Offset, Is.EqualTo(torn.Offset));
        Assert.That(journal.Recovery.Torn.Single().Number, Is.EqualTo(torn.Number));
        Assert.That(Originals(crashed), Is.EqualTo(Numbers(_originals).Where(number => number != torn.Number)));
    }

    [Test]
    public async Task A_torn_last_record_spends_its_number()
    {
        JournalEntry torn = _originals[^1];
        using JournalDirectory crashed = _live.Copy();
        crashed.Poke(torn.Segment, torn.Offset, new byte[8]);
        await using MappedJournal journal = await crashed.OpenAsync();
        Assert.That(journal.Recovery.Torn.Single().Number, Is.EqualTo(torn.Number));
        Assert.That(journal.Recovery.NextRecord, Is.EqualTo(torn.Number + 1));
        (List<JournalEntry> entries, List<JournalDamage> damage) = crashed.ReadAll();
        Assert.That(damage.Single().Number, Is.EqualTo(torn.Number), "a reader sees the torn record where recovery saw it");
        Assert.That(Numbers(entries), Does.Contain(torn.Number + 1).And.Not.Contain(torn.Number));
    }

    [Test]
    public async Task A_record_hidden_in_the_text_of_a_torn_statement_is_not_believed()
    {
        using var directory = new JournalDirectory();
        await using MappedJournal journal = await directory.OpenAsync();
        JournalDirectory.Append(journal, 1000);
        JournalDirectory.Append(journal, 10);
        List<JournalEntry> entries = directory.ReadAll().Entries;
        using JournalDirectory crashed = directory.Copy();
        // Even a forger who has a whole record of this segment, its secret salt included: the torn record's length is known, its inside not read.
        crashed.Poke(1, entries[0].Offset + 512, RecordBytes(crashed, entries[1]));
        crashed.Poke(1, entries[0].Offset, new byte[8]);
        Assert.That(crashed.ReadAll(isWriterDead: true).Entries.Single().Offset, Is.EqualTo(entries[1].Offset));
    }

    [Test]
    public async Task A_record_of_another_journal_in_a_hole_is_not_believed()
    {
        using var directory = new JournalDirectory();
        await using MappedJournal journal = await directory.OpenAsync();
        using var foreign = new JournalDirectory();
        await using MappedJournal foreignJournal = await foreign.OpenAsync();
        foreach (MappedJournal each in new[] { journal, foreignJournal })
        {
            JournalDirectory.Append(each, 1000);
            JournalDirectory.Append(each, 10);
        }
        List<JournalEntry> entries = directory.ReadAll().Entries;
        using JournalDirectory crashed = directory.Copy();
        crashed.Poke(1, entries[0].Offset, new byte[HeaderBytes]);
        crashed.Poke(1, entries[0].Offset + 512, RecordBytes(foreign, foreign.ReadAll().Entries[1]));
        Assert.That(crashed.ReadAll(isWriterDead: true).Entries.Single().Offset, Is.EqualTo(entries[1].Offset));
    }

    [Test]
    public async Task A_copy_cut_off_anywhere_gives_a_prefix_and_opens_again()
    {
        var random = new Random(20261125);
        for (int round = 0; round < 60; round++)
        {
            using JournalDirectory crashed = _live.Copy();
            string[] segments = crashed.Segments();
            string cut = segments[random.Next(1, segments.Length)];
            foreach (string later in segments.Where(segment => string.CompareOrdinal(segment, cut) > 0))
                File.Delete(later);
            using (FileStream file = File.Open(cut, FileMode.Open))
                file.SetLength(random.Next(4096, (int)file.Length));
            await using MappedJournal journal = await crashed.OpenAsync();
            long firstNew = journal.Recovery.NextRecord;
            List<JournalEntry> kept = [.. crashed.ReadAll().Entries.Where(entry => entry.Number < firstNew)];
            AssertPrefix(_originals, kept);
        }
    }

    [Test]
    public async Task A_flipped_bit_is_named_with_segment_and_offset_and_costs_one_record()
    {
        await _journal.DisposeAsync();
        var random = new Random(20261126);
        for (int round = 0; round < 150; round++)
        {
            using JournalDirectory flipped = _live.Copy();
            JournalEntry victim = _originals[random.Next(_originals.Count)];
            long at = victim.Offset + random.Next(HeaderBytes + victim.Body.Length);
            flipped.Poke(victim.Segment, at, (byte)(flipped.Peek(victim.Segment, at) ^ 1 << random.Next(8)));
            (List<JournalEntry> entries, List<JournalDamage> damage) = flipped.ReadAll();
            Assert.That(damage, Has.Count.EqualTo(1), $"round {round}");
            Assert.That((damage[0].Segment, damage[0].Offset, damage[0].Number), Is.EqualTo((victim.Segment, victim.Offset, victim.Number)));
            Assert.That(Numbers(entries), Is.EqualTo(Numbers(_originals).Where(number => number != victim.Number)), $"round {round}");
        }
    }

    [Test]
    public async Task A_missing_segment_is_named()
    {
        using JournalDirectory crashed = _live.Copy();
        File.Delete(crashed.SegmentPath(2));
        (List<JournalEntry> entries, List<JournalDamage> damage) = crashed.ReadAll();
        Assert.That(damage.Single().Kind, Is.EqualTo(DamageKind.SegmentMissing));
        Assert.That(damage.Single().Segment, Is.EqualTo(2));
        Assert.That(Numbers(entries), Is.EqualTo(Numbers(_originals.Where(entry => entry.Segment != 2))));
    }

    [Test]
    public void A_damaged_segment_header_is_refused_by_name()
    {
        using JournalDirectory crashed = _live.Copy();
        crashed.Poke(1, 20, 0x55, 0xAA);
        Assert.That(() => crashed.ReadAll(), Throws.InstanceOf<JournalFormatException>().With.Message.Contains(crashed.SegmentPath(1)));
    }

    [Test]
    public async Task A_crash_before_the_first_record_leaves_nothing_behind()
    {
        using var directory = new JournalDirectory();
        using JournalDirectory crashed = await CopyOfUnusedAsync(directory);
        await using MappedJournal journal = await crashed.OpenAsync();
        Assert.That(journal.Recovery.NextRecord, Is.EqualTo(1));
        Assert.That(JournalDirectory.Append(journal, 1), Is.EqualTo(1));
    }

    private static async Task<JournalDirectory> CopyOfUnusedAsync(JournalDirectory directory)
    {
        await using MappedJournal unused = await directory.OpenAsync();
        return directory.Copy();
    }

    private IEnumerable<JournalEntry> Intents() => _originals.Where(entry => entry.Kind == RecordKind.Intent);

    private IEnumerable<DecodedOutcome> Outcomes() =>
        _originals.Where(entry => entry.Kind == RecordKind.Outcome).Select(entry => (DecodedOutcome)RecordDecoder.Decode(entry));

    private IEnumerable<long> Originals(JournalDirectory directory) =>
        Numbers(directory.ReadAll().Entries).Where(number => number <= _originals[^1].Number);

    private static byte[] RecordBytes(JournalDirectory directory, in JournalEntry entry) =>
        File.ReadAllBytes(directory.SegmentPath(entry.Segment))[(int)entry.Offset..(int)(entry.Offset + HeaderBytes + entry.Body.Length)];

    private static IEnumerable<long> Numbers(IEnumerable<JournalEntry> entries) => entries.Select(entry => entry.Number);

    private static void AssertPrefix(List<JournalEntry> all, List<JournalEntry> prefix)
    {
        Assert.That(all, Has.Count.GreaterThanOrEqualTo(prefix.Count));
        for (int i = 0; i < prefix.Count; i++)
        {
            if (all[i] with { Body = default } != prefix[i] with { Body = default } || !all[i].Body.Span.SequenceEqual(prefix[i].Body.Span))
                Assert.Fail($"{all[i]} is not {prefix[i]}");
        }
    }
}
