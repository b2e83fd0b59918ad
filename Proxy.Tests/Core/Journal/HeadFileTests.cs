using NUnit.Framework;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Replication;
using Proxy.Core.Journal.Retention;

namespace Proxy.Tests.Core.Journal;

/// <summary>Heads are filed once a second for years: nothing but a whole verification reads them all, and that one after the other.</summary>
public sealed class HeadFileTests
{
    private const int FileBytes = 10 * 1024 * 1024;
    private const int AllocatedBytesMax = 4 * 1024 * 1024;

    private EvidenceDirectory _evidence = null!;

    [SetUp]
    public void MakeDirectory() => _evidence = new EvidenceDirectory();

    [TearDown]
    public void RemoveDirectory() => _evidence.Dispose();

    private string HeadsPath => Path.Combine(_evidence.Journal.Path, "journal.heads");

    [Test]
    public async Task Opening_reads_the_last_head_only()
    {
        await MakeManyHeadsAsync();
        Assert.That(AllocatedBy(Resume), Is.LessThan(AllocatedBytesMax));
    }

    [Test]
    public async Task Opening_cuts_a_torn_tail_off_and_goes_on_from_the_last_whole_head([Values(1, 150, 699)] int torn)
    {
        await MakeManyHeadsAsync();
        var whole = await File.ReadAllBytesAsync(HeadsPath);
        await using (var file = new FileStream(HeadsPath, FileMode.Append))
            await file.WriteAsync(torn == 699 ? new byte[torn] : whole.AsMemory(0, torn));
        Resume();
        Assert.That(await File.ReadAllBytesAsync(HeadsPath), Is.EqualTo(whole));
    }

    [Test]
    public async Task A_walk_begins_where_its_segment_does()
    {
        await MakeManyHeadsAsync();
        var allocated = AllocatedBy(() =>
        {
            using var walk = new SignedWalk(_evidence.Journal.Path);
            Assert.That(walk.TryBegin(purged: null), Is.True);
            var taken = walk.Take(1);
            Assert.That(walk.IsComparedBehind(taken, []), Is.True, "the heads of the segment were found");
        });
        Assert.That(allocated, Is.LessThan(AllocatedBytesMax));
    }

    [Test]
    public async Task A_purge_that_is_not_due_reads_no_heads()
    {
        await using var journal = await _evidence.OpenAsync();
        await EvidenceDirectory.FillAsync(journal);
        await _evidence.HaveEndedAsync(journal);
        File.Delete(HeadsPath);
        var purge = new JournalPurge(_evidence.Journal.Path, journal, TimeProvider.System);
        Assert.That(await purge.RunAsync(new PurgeRule(TimeSpan.FromDays(1)), long.MaxValue, CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task Heads_are_read_one_after_the_other_up_to_what_is_none()
    {
        await MakeManyHeadsAsync();
        var whole = SignedHead.ParseAll(await File.ReadAllBytesAsync(HeadsPath), out _);
        await File.AppendAllTextAsync(HeadsPath, "phigate/journal/half a head");
        using var reader = new HeadReader(HeadsPath);
        var count = 0;
        for (; reader.Read() is { } head; count++)
        {
            if (head.ToString() != whole[count].ToString())
                Assert.Fail($"head {count} is another");
        }
        Assert.That((count, reader.Rest), Is.EqualTo((whole.Count, 27L)));
    }

    [Test]
    public async Task A_replica_looks_at_the_last_of_them_only()
    {
        await MakeManyHeadsAsync();
        var all = AllocatedBy(() =>
        {
            using var reader = new HeadReader(HeadsPath);
            while (reader.Read() is not null)
            {
            }
        });
        var opened = AllocatedBy(() => ReplicaJournal.Open(_evidence.Journal.Path, flushes: false).Dispose());
        Assert.That(opened, Is.LessThan(all / 5));
    }

    [Test]
    public async Task A_replica_finds_a_torn_head_and_what_follows_it_near_the_end()
    {
        await MakeManyHeadsAsync();
        var bytes = await File.ReadAllBytesAsync(HeadsPath);
        var whole = bytes.Length;
        await File.WriteAllBytesAsync(HeadsPath, [.. bytes, .. "half a head\n"u8, .. bytes[..700]]);
        ReplicaJournal.Open(_evidence.Journal.Path, flushes: false).Dispose();
        Assert.That(new FileInfo(HeadsPath).Length, Is.EqualTo(whole));
    }

    private void Resume() => new ChainResumption(_evidence.Journal.Path, new HeadFile(_evidence.Journal.Path), _evidence.Signer).Run(CancellationToken.None);

    private static long AllocatedBy(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The first head so often that it fills some megabytes, and then the others of a journal that was closed.</summary>
    private async Task MakeManyHeadsAsync()
    {
        await using (var journal = await _evidence.OpenAsync())
            JournalDirectory.Append(journal, 100);
        var heads = SignedHead.ParseAll(await File.ReadAllBytesAsync(HeadsPath), out _);
        var first = heads[0].ToString();
        await File.WriteAllTextAsync(HeadsPath, string.Concat(Enumerable.Repeat(first, FileBytes / first.Length).Concat(heads.Skip(1).Select(static head => head.ToString()))));
    }
}
