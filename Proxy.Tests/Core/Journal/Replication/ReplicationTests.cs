using System.Collections.Concurrent;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Replication;
using Proxy.Core.Journal.Segments;
using Proxy.Core.Journal.Verification;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal.Replication;

/// <summary>The second copy of a journal: what it has when a statement may be forwarded, and how it comes by the rest.</summary>
public sealed class ReplicationTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private EvidenceDirectory _evidence = null!;
    private LoopbackReplica _replica = null!;

    [SetUp]
    public void Prepare() => (_evidence, _replica) = (new EvidenceDirectory(), new LoopbackReplica());

    [TearDown]
    public void Remove()
    {
        _replica.Dispose();
        _evidence.Dispose();
    }

    [Test]
    public async Task What_was_acknowledged_is_in_the_copy_when_machine_and_disk_are_gone()
    {
        await using var journal = await OpenAsync();
        var acknowledged = new ConcurrentBag<long>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
                acknowledged.Add(await DurableAsync(journal, 50 + (i * writer % 900)));
        })));

        var (intents, damage) = Copy();
        Assert.That(acknowledged.Where(number => !intents.Contains(number)), Is.Empty);
        Assert.That((acknowledged.Count, damage.Count), Is.EqualTo((2400, 0)));
        Assert.That(VerifyWithoutAnchors(_replica.OnlyCopy()).Findings, Is.Empty);
    }

    [Test]
    public async Task A_journal_that_was_closed_and_its_copy_are_the_same_byte_for_byte()
    {
        for (var run = 0; run < 3; run++)
        {
            await using var journal = await OpenAsync();
            for (var i = 0; i < 500; i++)
                await DurableAsync(journal, i);
        }

        AssertSameFiles();
        var report = _evidence.Verify(_replica.OnlyCopy());
        Assert.That((report.Findings.Length, report.UnsignedRecords, report.IsClosed), Is.EqualTo((0, 0L, true)));
        Assert.That(report.Segments, Is.GreaterThan(5));
    }

    [Test]
    public async Task A_record_longer_than_what_is_read_at_once_arrives()
    {
        await using (var journal = await OpenAsync(segmentBytes: 8 * 1024 * 1024))
        {
            await DurableAsync(journal, 1_500_000);
            await DurableAsync(journal, 10);
        }

        AssertSameFiles();
    }

    [Test]
    public async Task Without_the_replica_new_statements_are_refused_and_outcomes_are_not()
    {
        await using var journal = await OpenAsync();
        var statement = await DurableAsync(journal, 10);
        _replica.GoAway();
        await Eventually.IsTrueAsync(
            () => Task.FromResult(journal.Reason == "The journal's replica loopback is not there: it is away"), "the outage is noticed");
        Assert.That(
            (JournalDirectory.TryAppend(journal, 10, out _), JournalDirectory.TryConclude(journal, statement), journal.State),
            Is.EqualTo((false, true, JournalState.Full)));

        _replica.ComeBack();
        await Eventually.IsTrueAsync(() => Task.FromResult(journal.State == JournalState.Ready), "the replica has everything again");
        await DurableAsync(journal, 10);
        var (_, damage) = Copy();
        Assert.That((ReadCopy().Count(entry => entry.Kind is RecordKind.Outcome), damage.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task An_outage_is_told_once_and_so_is_its_end()
    {
        await using var journal = await OpenAsync();
        await DurableAsync(journal, 10);
        _replica.GoAway();
        await Eventually.IsTrueAsync(() => Task.FromResult(_replica.Told.Contains("lost: it is away")), "the outage is told");
        _replica.ComeBack();
        await Eventually.IsTrueAsync(() => Task.FromResult(journal.State == JournalState.Ready), "the replica has everything again");
        Assert.That(_replica.Told.Count(told => told == "lost: it is away"), Is.EqualTo(1));
        Assert.That(_replica.Told.Count(told => told == "resumed"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_statement_that_the_copy_does_not_get_in_time_is_not_forwarded()
    {
        await using var journal = await OpenAsync(patience: TimeSpan.FromMilliseconds(200));
        await DurableAsync(journal, 10);
        var isTaken = JournalDirectory.TryAppend(journal, 10, out var number);
        _replica.GoAway();
        // It may have been acknowledged before; the next one cannot be.
        await journal.WhenDurableAsync(number, CancellationToken.None);
        Assert.That((isTaken, await journal.WhenDurableAsync(number + 1, CancellationToken.None)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task A_replica_that_takes_everything_and_acknowledges_nothing_is_none()
    {
        await using var journal = await OpenAsync(patience: TimeSpan.FromMilliseconds(200));
        await DurableAsync(journal, 10);
        _replica.FallSilent();
        await Eventually.IsTrueAsync(
            () => Task.FromResult(journal.Reason?.EndsWith("It has not acknowledged anything for 0.2 s.", StringComparison.Ordinal) == true), "the silence is noticed");
        Assert.That(JournalDirectory.TryAppend(journal, 10, out _), Is.False);
    }

    [Test]
    public async Task A_replica_that_comes_back_without_what_it_had_not_synced_is_sent_it_again()
    {
        await using (var journal = await OpenAsync())
        {
            await DurableAsync(journal, 100);
            _replica.GoAway();
            var copy = _replica.OnlyCopy();
            var segment = Directory.GetFiles(copy, "segment-*").Single();
            // The record's end did not come to the disk, and a piece of something else did; a head was torn.
            using (var file = File.OpenWrite(segment))
            {
                file.Position = 4096 + 60;
                file.Write(new byte[2000]);
                file.Write("what was never whole"u8);
            }

            File.AppendAllText(Path.Combine(copy, "journal.heads"), "phigate/journal/half a head");
            _replica.ComeBack();
            await Eventually.IsTrueAsync(() => Task.FromResult(journal.State == JournalState.Ready), "the replica has everything again");
            await DurableAsync(journal, 200);
        }

        AssertSameFiles();
    }

    [Test]
    public async Task A_replica_that_is_new_gets_everything_that_was_there_before()
    {
        await using (var unreplicated = await _evidence.OpenAsync())
            for (var i = 0; i < 700; i++)
                while (!JournalDirectory.TryAppend(unreplicated, i % 300, out _))
                    await Task.Delay(1);

        await using (var journal = await OpenAsync())
            await Eventually.IsTrueAsync(() => Task.FromResult(journal.State == JournalState.Ready), "the replica has everything");

        AssertSameFiles();
        Assert.That(_evidence.Verify(_replica.OnlyCopy()).Findings, Is.Empty);
    }

    [Test]
    public async Task A_torn_place_of_a_crash_comes_to_the_copy_as_it_is()
    {
        using var killed = new TemporaryDirectory();
        await using (var crashed = await OpenAsync())
        {
            await DurableAsync(crashed, 100);
            await DurableAsync(crashed, 100);
            _replica.GoAway();
            await CopyFilesAsync(crashed, killed.Path);
        }

        // As a killed process leaves it: a record that was announced, and never published.
        Tear(Path.Combine(killed.Path, "segment-0000000001.journal"));
        _replica.ComeBack();
        await using (var recovered = await MappedJournal.OpenAsync(Options(Long) with { Directory = killed.Path }, TimeProvider.System, CancellationToken.None))
        {
            Assert.That(recovered.Recovery.TornCount, Is.EqualTo(1));
            await DurableAsync(recovered, 100);
        }

        AssertSameFiles(killed.Path);
    }

    [Test]
    public async Task A_journal_that_lost_what_the_copy_has_does_not_go_on_and_says_what_to_do()
    {
        using var before = new TemporaryDirectory();
        await using (var journal = await OpenAsync())
        {
            await DurableAsync(journal, 100);
            await CopyFilesAsync(journal, before.Path);
            await DurableAsync(journal, 100);
        }

        // Its anchor, too, has what this one lost; closing would try it for its patience.
        var options = Options(Long) with { Directory = before.Path };
        await using var older = await MappedJournal.OpenAsync(
            options with { Evidence = options.Evidence! with { Anchors = [] } }, TimeProvider.System, CancellationToken.None);
        await Eventually.IsTrueAsync(
            () => Task.FromResult(older.Reason?.Contains("holds what the one in", StringComparison.Ordinal) == true), "the loss is noticed");
        Assert.That((older.State, JournalDirectory.TryAppend(older, 10, out _)), Is.EqualTo((JournalState.Full, false)));
    }

    [Test]
    public async Task A_new_machine_goes_on_with_a_copy_of_the_copy()
    {
        await using (var lost = await OpenAsync())
        {
            await DurableAsync(lost, 100);
            _replica.GoAway();
        }

        using var newMachine = EvidenceCopy.Of(_replica.OnlyCopy());
        _replica.ComeBack();
        await using (var journal = await MappedJournal.OpenAsync(
            Options(Long) with { Directory = newMachine.Path }, TimeProvider.System, CancellationToken.None))
        {
            await DurableAsync(journal, 100);
        }

        AssertSameFiles(newMachine.Path);
        Assert.That(VerifyWithoutAnchors(newMachine.Path).Findings, Is.Empty);
    }

    private Task<MappedJournal> OpenAsync(int? segmentBytes = null, TimeSpan? patience = null) =>
        MappedJournal.OpenAsync(Options(patience ?? Long, segmentBytes), TimeProvider.System, CancellationToken.None);

    private JournalOptions Options(TimeSpan patience, int? segmentBytes = null)
    {
        var options = _evidence.Options(segmentBytes, Durability.Replicated);
        return options with
        {
            Evidence = options.Evidence! with
            {
                Replica = new ReplicaOptions { Connector = _replica, Patience = patience, RetryInterval = TimeSpan.FromMilliseconds(5) },
            },
        };
    }

    /// <summary>Appends an intent and waits until it may be forwarded.</summary>
    private static async Task<long> DurableAsync(MappedJournal journal, int textBytes)
    {
        long number = 0;
        await JournalDirectory.EventuallyAsync(() => JournalDirectory.TryAppend(journal, textBytes, out number));
        Assert.That(await journal.WhenDurableAsync(number, CancellationToken.None), Is.True, journal.Reason);
        return number;
    }

    private (HashSet<long> Intents, List<JournalDamage> Damage) Copy()
    {
        using var reader = new JournalReader(_replica.OnlyCopy());
        var (entries, damage) = JournalDirectory.ReadOn(reader);
        return ([.. entries.Where(entry => entry.Kind is RecordKind.Intent).Select(entry => entry.Number)], damage);
    }

    private List<JournalEntry> ReadCopy()
    {
        using var reader = new JournalReader(_replica.OnlyCopy());
        return JournalDirectory.ReadOn(reader).Entries;
    }

    /// <summary>Where the machine is lost, an anchor can have seen a little more than the copy.</summary>
    private VerificationReport VerifyWithoutAnchors(string directory) =>
        JournalVerifier.Run(directory, [_evidence.Signer.PublicKey], [], progress: null, CancellationToken.None);

    /// <summary>What is needed of a journal in use, heads first: they must not know more than the segments.</summary>
    private async Task CopyFilesAsync(MappedJournal journal, string target)
    {
        await JournalDirectory.EventuallyAsync(() => journal.Figures.SegmentsReady > 0);
        var source = _evidence.Journal.Path;
        File.Copy(Path.Combine(source, "journal.heads"), Path.Combine(target, "journal.heads"));
        foreach (var segment in Directory.GetFiles(source, "segment-*.journal"))
            File.Copy(segment, Path.Combine(target, Path.GetFileName(segment)));
    }

    /// <summary>As a writer leaves it that has stored the second part of a record's header, and dies.</summary>
    private static void Tear(string segment)
    {
        using var file = File.Open(segment, FileMode.Open, FileAccess.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var (end, number) = (SegmentHeader.Bytes, 0L);
        for (var header = RecordHeader.Read(bytes.AsSpan(end)); header.Length > 0; header = RecordHeader.Read(bytes.AsSpan(end)))
            (end, number) = (end + RecordHeader.Align(header.Length), header.Number);
        var torn = bytes.AsSpan(end, 200);
        RecordHeader.Announce(torn, number + 1, 0, RecordKind.Intent);
        "half a body"u8.CopyTo(torn[60..]);
        file.Position = 0;
        file.Write(bytes);
    }

    private void AssertSameFiles(string? original = null)
    {
        var copy = _replica.OnlyCopy();
        foreach (var file in Directory.GetFiles(original ?? _evidence.Journal.Path, "segment-*").Append(Path.Combine(original ?? _evidence.Journal.Path, "journal.heads")))
            Assert.That(
                File.ReadAllBytes(Path.Combine(copy, Path.GetFileName(file))).AsSpan().SequenceEqual(File.ReadAllBytes(file)), Is.True, $"{Path.GetFileName(file)} differs");
        Assert.That(Directory.GetFiles(copy, "segment-*"), Has.Length.EqualTo(Directory.GetFiles(original ?? _evidence.Journal.Path, "segment-*").Length));
    }
}
