using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;

namespace Proxy.Tests.Core.Journal;

public sealed class JournalReaderTests
{
    [Test]
    public async Task A_reader_follows_a_live_journal_over_its_segments()
    {
        const int Records = 3_000;
        using var directory = new JournalDirectory();
        await using MappedJournal journal = await directory.OpenAsync();
        using var reader = new JournalReader(directory.Path);
        Task writing = Task.Run(() =>
        {
            for (int i = 0; i < Records;)
            {
                if (JournalDirectory.TryAppend(journal, 100 + i % 300, out _))
                    i++;
            }
        });
        var numbers = new List<long>();
        await JournalDirectory.EventuallyAsync(() =>
        {
            (List<JournalEntry> entries, List<JournalDamage> damage) = JournalDirectory.ReadOn(reader);
            Assert.That(damage, Is.Empty);
            numbers.AddRange(entries.Select(entry => entry.Number));
            return numbers.Count >= Records;
        });
        await writing;
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, Records)));
        Assert.That(reader.JournalId, Is.EqualTo(journal.Recovery.JournalId));
    }

    [Test]
    public async Task A_reader_follows_a_journal_that_is_closed_and_opened_again()
    {
        using var directory = new JournalDirectory();
        using var reader = new JournalReader(directory.Path);
        var numbers = new List<long>();
        for (int run = 0; run < 3; run++)
        {
            await using MappedJournal journal = await directory.OpenAsync();
            await JournalDirectory.EventuallyAsync(() => journal.State == JournalState.Ready && directory.Segments().Length == run + 2);
            numbers.AddRange(JournalDirectory.ReadOn(reader).Entries.Select(entry => entry.Number));
            JournalDirectory.Append(journal, 10);
            numbers.AddRange(JournalDirectory.ReadOn(reader).Entries.Select(entry => entry.Number));
            await journal.DisposeAsync();
            numbers.AddRange(JournalDirectory.ReadOn(reader).Entries.Select(entry => entry.Number));
        }
        Assert.That(numbers, Is.EqualTo(new long[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_reader_of_a_live_journal_waits_at_a_record_that_is_being_written()
    {
        using var directory = new JournalDirectory();
        await using MappedJournal journal = await directory.OpenAsync();
        for (int i = 0; i < 3; i++)
            JournalDirectory.Append(journal, 40);
        JournalEntry second = directory.ReadAll().Entries[1];
        using JournalDirectory copy = directory.Copy();
        byte[] word = [.. Enumerable.Range(0, 8).Select(index => copy.Peek(second.Segment, second.Offset + index))];
        copy.Poke(second.Segment, second.Offset, new byte[8]);

        using var reader = new JournalReader(copy.Path);
        Assert.That(JournalDirectory.ReadOn(reader).Entries.Select(entry => entry.Number), Is.EqualTo(new long[] { 1 }));
        copy.Poke(second.Segment, second.Offset, word);
        Assert.That(JournalDirectory.ReadOn(reader).Entries.Select(entry => entry.Number), Is.EqualTo(new long[] { 2, 3 }));
    }

    [Test]
    public async Task Told_that_the_writer_is_dead_it_reads_past_what_was_never_published()
    {
        using var directory = new JournalDirectory();
        await using MappedJournal journal = await directory.OpenAsync();
        for (int i = 0; i < 3; i++)
            JournalDirectory.Append(journal, 40);
        JournalEntry second = directory.ReadAll().Entries[1];
        using JournalDirectory copy = directory.Copy();
        copy.Poke(second.Segment, second.Offset, new byte[8]);
        (List<JournalEntry> entries, List<JournalDamage> damage) = copy.ReadAll(isWriterDead: true);
        Assert.That(entries.Select(entry => entry.Number), Is.EqualTo(new long[] { 1, 3 }));
        Assert.That(damage.Single().Kind, Is.EqualTo(DamageKind.Unpublished));
    }

    [Test]
    public void A_missing_directory_is_an_error_and_an_empty_one_is_empty()
    {
        using var directory = new JournalDirectory();
        Assert.That(directory.ReadAll().Entries, Is.Empty);
        Assert.That(() => new JournalReader(Path.Combine(directory.Path, "none")), Throws.InstanceOf<DirectoryNotFoundException>());
    }
}
