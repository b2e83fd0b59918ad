using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;
using Proxy.Core.Journal.Verification;

namespace Proxy.Tests.Core.Journal;

/// <summary>A sealed, chained and signed journal from opening to verification.</summary>
public sealed class EvidenceTests
{
    private const string Secret = "select * from patient where ssn = '536-90-4399'";

    private EvidenceDirectory _evidence = null!;

    [SetUp]
    public void MakeDirectory() => _evidence = new EvidenceDirectory();

    [TearDown]
    public void RemoveDirectory() => _evidence.Dispose();

    [Test]
    public async Task An_untouched_journal_of_many_segments_and_runs_verifies_to_its_last_anchored_record()
    {
        long last = 0;
        for (int run = 0; run < 3; run++)
        {
            await using MappedJournal journal = await _evidence.OpenAsync();
            for (int i = 0; i < 2_000; i++)
            {
                while (!JournalDirectory.TryAppend(journal, i % 400, out last))
                    await Task.Delay(1);
            }
        }
        VerificationReport report = _evidence.Verify();
        Assert.That(report.Findings, Is.Empty);
        Assert.That((report.Records, report.UnsignedRecords, report.IsClosed), Is.EqualTo((last, 0L, true)));
        Assert.That(report.AnchoredTo?.LastRecord, Is.EqualTo(last));
        Assert.That(report.Segments, Is.GreaterThan(10));
    }

    [Test]
    public async Task A_journal_in_use_verifies_while_eight_threads_append()
    {
        await using MappedJournal journal = await _evidence.OpenAsync(1024 * 1024);
        using var stop = new CancellationTokenSource();
        Task[] appending = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                for (int i = 0; i < 50; i++)
                    JournalDirectory.TryAppend(journal, 150, out long _);
                await Task.Delay(1); // The pool's threads prepare the segments, too.
            }
        }))];
        try
        {
            for (int i = 0; i < 5; i++)
            {
                await Task.Delay(30);
                Assert.That(_evidence.Verify().Findings, Is.Empty);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(appending);
        }
    }

    [Test]
    public async Task What_is_behind_a_record_that_is_not_published_yet_is_not_judged()
    {
        await using MappedJournal journal = await _evidence.OpenAsync();
        await EvidenceDirectory.FillAsync(journal);
        await _evidence.HaveEndedAsync(journal);
        using EvidenceCopy copy = EvidenceCopy.Of(_evidence.Journal.Path);
        // As it was while the last record of this segment was being written.
        const int Segment = 2;
        string heads = Path.Combine(copy.Path, "journal.heads");
        await File.WriteAllTextAsync(heads, string.Concat(SignedHead.ParseAll(await File.ReadAllBytesAsync(heads), out _).Where(static head => head.Head.Segment < Segment)));
        string path = SegmentFileName.Of(copy.Path, Segment);
        long last = 0;
        using (SegmentScanner scanner = SegmentScanner.Open(path, isWriterDead: false))
        {
            for (long start = scanner.Offset; scanner.Read() == JournalReadResult.Record; start = scanner.Offset)
                last = start;
        }
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes.AsSpan((int)last).Clear();
        bytes.AsSpan(SegmentHeader.EndingOffset, SegmentHeader.EndingBytes).Clear();
        await File.WriteAllBytesAsync(path, bytes);
        Assert.That(JournalVerifier.Run(copy.Path, [_evidence.Signer.PublicKey], [], progress: null, CancellationToken.None).Findings, Is.Empty);
    }

    [Test]
    public async Task Statements_are_unreadable_in_every_file_without_the_key_and_whole_with_it()
    {
        await using (MappedJournal journal = await _evidence.OpenAsync())
            Append(journal, Secret);
        foreach (string file in Directory.GetFiles(_evidence.Journal.Path))
            Assert.That(File.ReadAllBytes(file).AsSpan().IndexOf("536-90-4399"u8), Is.Negative, file);
        Assert.That(await ReadTextAsync(_evidence.SealingKey), Is.EqualTo(Secret));
        using var reader = new JournalReader(_evidence.Journal.Path);
        Assert.That(reader.Read(), Is.EqualTo(JournalReadResult.Record));
        Assert.That(reader.Entry.IsSealed, Is.True);
        var readable = (DecodedIntent)RecordDecoder.Decode(reader.Entry);
        Assert.That((readable.Rule, readable.Text.Length), Is.EqualTo(("clinicians", 0)));
    }

    [Test]
    public async Task A_foreign_sealing_key_opens_nothing()
    {
        await using (MappedJournal journal = await _evidence.OpenAsync())
            Append(journal, Secret);
        using var foreign = new LocalKeyEncryptionKey(RandomNumberGenerator.GetBytes(32));
        Assert.That(async () => await ReadTextAsync(foreign), Throws.InstanceOf<JournalKeyException>());
    }

    [Test]
    public async Task A_foreign_signing_key_does_not_continue_a_journal()
    {
        await using (MappedJournal journal = await _evidence.OpenAsync())
            Append(journal, Secret);
        using var foreign = new LocalHeadSigner(LocalHeadSigner.Generate());
        JournalOptions options = _evidence.Options();
        Assert.That(
            () => MappedJournal.OpenAsync(options with { Evidence = options.Evidence! with { Signer = foreign } }, TimeProvider.System, CancellationToken.None),
            Throws.InstanceOf<JournalKeyException>());
    }

    [Test]
    public async Task A_journal_whose_heads_were_taken_away_is_not_continued()
    {
        await using (MappedJournal journal = await _evidence.OpenAsync())
            Append(journal, Secret);
        File.Delete(Path.Combine(_evidence.Journal.Path, "journal.heads"));
        Assert.That(() => _evidence.OpenAsync(), Throws.InstanceOf<JournalFormatException>().With.Message.Contains("heads are missing"));
    }

    [Test]
    public async Task A_journal_without_keys_does_not_continue_one_that_has_them()
    {
        await using (MappedJournal journal = await _evidence.OpenAsync())
            Append(journal, Secret);
        Assert.That(() => _evidence.Journal.OpenAsync(), Throws.InstanceOf<JournalKeyException>());
    }

    [Test]
    public async Task A_lost_tree_is_made_again_from_the_journal()
    {
        await using (MappedJournal journal = await _evidence.OpenAsync())
            Append(journal, Secret);
        File.Delete(Path.Combine(_evidence.Journal.Path, "journal.tree"));
        await using (MappedJournal journal = await _evidence.OpenAsync())
            Append(journal, Secret);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task What_a_crash_left_is_signed_at_the_next_opening_and_explained()
    {
        MappedJournal journal = await _evidence.OpenAsync();
        long open = Append(journal, Secret);
        JournalDirectory.Append(journal, 100);
        long torn = JournalDirectory.Append(journal, 100);
        await JournalDirectory.EventuallyAsync(() => _evidence.Anchored().Any(head => head.Head.LastRecord == torn));
        using EvidenceCopy copy = EvidenceCopy.Of(_evidence.Journal.Path);
        await journal.DisposeAsync();

        await using (await MappedJournal.OpenAsync(_evidence.Options() with { Directory = copy.Path }, TimeProvider.System, CancellationToken.None))
        {
        }
        VerificationReport report = JournalVerifier.Run(copy.Path, [_evidence.Signer.PublicKey], [], progress: null, CancellationToken.None);
        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.UnknownOutcomes.Select(statement => statement.Number), Is.EqualTo(new[] { open, open + 1, torn }), "which the opening concluded as unknown");
    }

    [Test]
    public async Task A_flushed_record_is_awaited_and_comes_back()
    {
        await using MappedJournal journal = await _evidence.OpenAsync(durability: Durability.Flushed);
        Task<bool>[] waiting = [.. Enumerable.Range(0, 64).Select(async _ =>
            await journal.WhenDurableAsync(await Task.Run(() => JournalDirectory.Append(journal, 100)), CancellationToken.None))];
        Assert.That(await Task.WhenAll(waiting), Is.All.True);
    }

    [Test]
    public async Task A_closed_journal_promises_no_durability()
    {
        MappedJournal journal = await _evidence.OpenAsync(durability: Durability.Flushed);
        long number = JournalDirectory.Append(journal, 100);
        await journal.DisposeAsync();
        Assert.That(await journal.WhenDurableAsync(number, CancellationToken.None), Is.True);
        Assert.That(await journal.WhenDurableAsync(number + 1, CancellationToken.None), Is.False);
    }

    [Test]
    public async Task A_sealed_append_allocates_nothing()
    {
        await using MappedJournal journal = await _evidence.OpenAsync(16 * 1024 * 1024);
        byte[] text = new byte[120];
        AppendMany(1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AppendMany(10_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void AppendMany(int count)
        {
            for (int i = 0; i < count; i++)
            {
                var intent = new IntentRecord { Text = text, Rule = "clinicians", PolicyVersion = "2026-11-25.1" };
                journal.TryAppend(in intent, out _);
            }
        }
    }

    private static long Append(MappedJournal journal, string text)
    {
        var intent = new IntentRecord { Text = Encoding.UTF8.GetBytes(text), Rule = "clinicians" };
        Assert.That(journal.TryAppend(in intent, out long number), Is.True);
        return number;
    }

    private async Task<string> ReadTextAsync(LocalKeyEncryptionKey key)
    {
        using SegmentKeyRing keys = await SegmentKeyRing.LoadAsync(_evidence.Journal.Path, key, CancellationToken.None);
        using var reader = new JournalReader(_evidence.Journal.Path, keys: keys);
        Assert.That(reader.Read(), Is.EqualTo(JournalReadResult.Record));
        return Encoding.UTF8.GetString(((DecodedIntent)RecordDecoder.Decode(reader.Entry)).Text);
    }
}
