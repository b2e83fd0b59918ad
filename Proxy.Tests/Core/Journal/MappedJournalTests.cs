using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Tests.Core.Journal;

public sealed class MappedJournalTests
{
    private JournalDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new JournalDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task Numbers_start_at_one_and_go_on_after_reopening()
    {
        long last;
        await using (MappedJournal journal = await _directory.OpenAsync())
        {
            Assert.That(JournalDirectory.Append(journal, 10), Is.EqualTo(1));
            last = JournalDirectory.Append(journal, 10);
        }
        await using MappedJournal again = await _directory.OpenAsync();
        Assert.That(again.Recovery.WasClean, Is.True);
        Assert.That(JournalDirectory.Append(again, 10), Is.EqualTo(last + 1));
    }

    [Test]
    public async Task Eight_threads_append_and_the_reader_finds_every_record_once_in_order_of_place()
    {
        const int Threads = 8;
        const int Each = 20_000;
        await using MappedJournal journal = await _directory.OpenAsync(64 * 1024 * 1024);
        await AppendFromThreads(journal, Threads, Each);
        AssertComplete(Threads, Each);
    }

    [Test]
    public async Task Segments_roll_over_under_concurrency_without_losing_or_repeating_a_number()
    {
        const int Threads = 8;
        const int Each = 2_000;
        await using MappedJournal journal = await _directory.OpenAsync();
        await AppendFromThreads(journal, Threads, Each);
        Assert.That(_directory.Segments(), Has.Length.GreaterThan(20));
        AssertComplete(Threads, Each);
    }

    [Test]
    public async Task A_record_at_the_limit_is_taken_and_one_byte_more_is_refused()
    {
        await using MappedJournal journal = await _directory.OpenAsync();
        int overhead = default(IntentRecord).Measure();
        Assert.That(JournalDirectory.TryAppend(journal, journal.BodyBytesMax - overhead, out _), Is.True);
        Assert.That(JournalDirectory.TryAppend(journal, journal.BodyBytesMax - overhead + 1, out long number), Is.False);
        Assert.That(number, Is.Zero);
        Assert.That(JournalDirectory.Append(journal, 1), Is.EqualTo(2), "the refused record must not spend a number");
    }

    [Test]
    public async Task The_limit_is_a_quarter_of_the_segment_at_most()
    {
        await using MappedJournal journal = await _directory.OpenAsync();
        Assert.That(journal.BodyBytesMax, Is.LessThanOrEqualTo(JournalDirectory.SmallSegment / 4));
    }

    [Test]
    public async Task An_append_allocates_nothing()
    {
        await using MappedJournal journal = await _directory.OpenAsync(16 * 1024 * 1024);
        byte[] text = new byte[120];
        Append(1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Append(10_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Append(int count)
        {
            for (int i = 0; i < count; i++)
            {
                var intent = new IntentRecord { Text = text, Rule = "clinicians", PolicyVersion = "2026-11-25.1" };
                if (!journal.TryAppend(in intent, out _))
                    throw new InvalidOperationException(journal.Reason);
            }
        }
    }

    [Test]
    public async Task A_second_owner_is_refused_with_the_name_of_the_lock()
    {
        await using MappedJournal journal = await _directory.OpenAsync();
        JournalInUseException? refusal = await Assert.ThrowsAsync<JournalInUseException>(() => _directory.OpenAsync());
        Assert.That(refusal!.Message, Does.Contain(_directory.Path).And.Contain("journal.lock"));
    }

    [Test]
    public async Task A_closed_journal_refuses_and_gives_up_ownership()
    {
        MappedJournal journal = await _directory.OpenAsync();
        await journal.DisposeAsync();
        Assert.That(JournalDirectory.TryAppend(journal, 1, out _), Is.False);
        Assert.That(journal.State, Is.EqualTo(JournalState.Closed));
        await using MappedJournal next = await _directory.OpenAsync();
        Assert.That(JournalDirectory.TryAppend(next, 1, out _), Is.True);
    }

    [Test]
    public async Task Closing_while_threads_append_keeps_every_record_that_was_acknowledged()
    {
        MappedJournal journal = await _directory.OpenAsync();
        // Threads of their own: those of the pool prepare the segments.
        Task<List<long>>[] writers = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            AppendUntilClosed, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await JournalDirectory.EventuallyAsync(() => _directory.Segments().Length > 4);
        await journal.DisposeAsync();
        long[] acknowledged = [.. (await Task.WhenAll(writers)).SelectMany(numbers => numbers).Order()];

        (List<JournalEntry> entries, List<JournalDamage> damage) = _directory.ReadAll();
        Assert.That(damage, Is.Empty);
        Assert.That(entries.Select(entry => entry.Number), Is.EqualTo(acknowledged));

        List<long> AppendUntilClosed()
        {
            var numbers = new List<long>();
            while (journal.State != JournalState.Closed)
            {
                if (JournalDirectory.TryAppend(journal, 500, out long number))
                    numbers.Add(number);
            }
            return numbers;
        }
    }

    [Test]
    public async Task A_record_whose_writer_throws_is_passed_as_abandoned_and_holds_up_nobody()
    {
        await using MappedJournal journal = await _directory.OpenAsync();
        JournalDirectory.Append(journal, 5);
        Assert.Throws<InvalidOperationException>(() => journal.TryAppend(new FailingRecord(), out _));
        JournalDirectory.Append(journal, 5);

        (List<JournalEntry> entries, List<JournalDamage> damage) = _directory.ReadAll();
        Assert.That(entries.Select(entry => entry.Number), Is.EqualTo(new long[] { 1, 3 }));
        Assert.That(damage.Single().Kind, Is.EqualTo(DamageKind.Abandoned));
        Assert.That(damage.Single().Number, Is.EqualTo(2));
    }

    private static async Task AppendFromThreads(MappedJournal journal, int threads, int each)
    {
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < each;)
                {
                    if (JournalDirectory.TryAppend(journal, 50 + (i + thread) % 200, out _, (long)thread * each + i))
                        i++;
                    else
                        Thread.Yield();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    private void AssertComplete(int threads, int each)
    {
        (List<JournalEntry> entries, List<JournalDamage> damage) = _directory.ReadAll();
        Assert.That(damage, Is.Empty);
        Assert.That(entries.Select(entry => entry.Number), Is.EqualTo(Enumerable.Range(1, threads * each)));
        Assert.That(entries.Select(entry => (entry.Segment, entry.Offset)), Is.Ordered.And.Unique);
        IEnumerable<long> statements = entries.Select(entry => ((DecodedIntent)RecordDecoder.Decode(entry)).StatementNumber);
        Assert.That(statements.Order(), Is.EqualTo(Enumerable.Range(0, threads * each)));
    }

    private readonly struct FailingRecord : IJournalRecord
    {
        public RecordKind Kind => RecordKind.Intent;

        public int Measure() => 100;

        public int SealedBytes => 50;

        public void Write(Span<byte> destination)
        {
            destination[..50].Fill(0x41);
            throw new InvalidOperationException("half way");
        }
    }
}
