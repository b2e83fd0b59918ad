using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Segments;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal;

public sealed class NoSegmentReadyTests
{
    private JournalDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new JournalDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task Appends_are_refused_when_the_disk_is_full_and_taken_again_when_space_returns()
    {
        var disk = new RationedAllocator(2);
        await using MappedJournal journal = await OpenAsync(disk);
        long written = FillUp(journal);
        await JournalDirectory.EventuallyAsync(() => journal.State == JournalState.Full && journal.Reason!.Contains("no space left"));
        Assert.That(JournalDirectory.TryAppend(journal, 200, out _), Is.False);

        disk.Grant(2);
        await JournalDirectory.EventuallyAsync(() => journal.State == JournalState.Ready);
        Assert.That(JournalDirectory.Append(journal, 200), Is.EqualTo(written + 1));
        Assert.That(_directory.ReadAll().Entries, Has.Count.EqualTo(written + 1));
    }

    /// <summary>Only what is finished is shipped and purged, and that may be what the next segment waits for.</summary>
    [Test]
    public async Task A_full_segment_is_finished_although_the_next_one_cannot_be_prepared()
    {
        await using MappedJournal journal = await OpenAsync(new RationedAllocator(2));
        FillUp(journal);
        await JournalDirectory.EventuallyAsync(() => journal.State == JournalState.Full);
        await JournalDirectory.EventuallyAsync(() => EndedSegments.Of(_directory.Path, behind: 0).Count == 1);
    }

    [Test]
    public async Task An_outcome_still_fits_when_a_new_statement_does_not()
    {
        await using MappedJournal journal = await OpenAsync(new RationedAllocator(1));
        long written = FillUp(journal);
        Assert.That(JournalDirectory.TryConclude(journal, written), Is.True);
    }

    [Test]
    public async Task What_can_be_kept_or_deleted_later_leaves_the_last_part_to_outcomes()
    {
        await using MappedJournal journal = await OpenAsync(new RationedAllocator(1));
        long written = FillUp(journal);
        // More than a statement of FillUp may have left before the last part, and less than the last part.
        byte[] bytes = new byte[600];
        var kept = new KeptRecord { Segment = 1, Index = 0, Before = [], Entry = bytes, Path = [], Head = "", DataKey = [] };
        Assert.That(journal.TryAppend(in kept, out _), Is.False, "kept");
        var erased = new ContentErasedRecord { FirstSegment = 1, LastSegment = 1, FirstRecord = 1, LastRecord = 1, Newest = default, Headers = bytes, Rule = "" };
        Assert.That(journal.TryAppend(in erased, out _), Is.False, "content erased");
        var purged = new PurgedRecord { FirstSegment = 1, LastSegment = 1, FirstRecord = 1, LastRecord = 1, Newest = default, Entries = 1, Chain = [], Edge = bytes, Rule = "" };
        Assert.That(journal.TryAppend(in purged, out _), Is.False, "purged");
        Assert.That(JournalDirectory.TryConclude(journal, written), Is.True);
    }

    [Test]
    public async Task A_failure_ahead_of_time_is_visible_while_records_are_still_taken()
    {
        await using MappedJournal journal = await OpenAsync(new RationedAllocator(1));
        await JournalDirectory.EventuallyAsync(() => journal.State == JournalState.Degraded);
        Assert.That(journal.Reason, Does.Contain("no space left").And.Contain(_directory.Path));
        Assert.That(JournalDirectory.TryAppend(journal, 200, out _), Is.True);
    }

    [Test]
    public void Opening_on_a_full_disk_fails_and_leaves_no_half_file()
    {
        Assert.That(() => OpenAsync(new RationedAllocator(0)), Throws.InstanceOf<IOException>().With.Message.Contains("no space left"));
        Assert.That(Directory.GetFiles(_directory.Path, "segment-*"), Is.Empty);
    }

    [Test]
    public async Task A_file_system_that_is_really_full_refuses_and_kills_nobody()
    {
        CommandResult mounted = await Command.RunAsync("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", _directory.Path]);
        Assume.That(mounted.ExitCode, Is.Zero, "mounting a small file system takes privileges");
        try
        {
            await using MappedJournal journal = await _directory.OpenAsync();
            // Two segments and a part of the third fit.
            FillUp(journal);
            await JournalDirectory.EventuallyAsync(() => journal.State == JournalState.Full && journal.Reason!.Contains("cannot be prepared"));
            Assert.That(_directory.Segments(), Has.Length.InRange(2, 3));
            (List<JournalEntry> entries, List<JournalDamage> damage) = _directory.ReadAll();
            Assert.That(damage, Is.Empty);
            Assert.That(entries, Has.Count.GreaterThan(100));
        }
        finally
        {
            await Command.RunAsync("umount", [_directory.Path]);
        }
    }

    private Task<MappedJournal> OpenAsync(RationedAllocator disk) =>
        MappedJournal.OpenAsync(_directory.Options() with { Allocator = disk }, TimeProvider.System, CancellationToken.None);

    /// <summary>Appends until the journal says that preparing failed and refuses.</summary>
    private static long FillUp(MappedJournal journal)
    {
        long last = 0;
        while (true)
        {
            bool hasFailed = journal.Reason?.Contains("cannot be prepared") == true;
            if (JournalDirectory.TryAppend(journal, 200, out long number))
                last = number;
            else if (hasFailed)
                return last;
        }
    }
}
