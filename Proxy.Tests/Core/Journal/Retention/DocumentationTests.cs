using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Retention;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Verification;
using Proxy.Host.Evidence.Index;

namespace Proxy.Tests.Core.Journal.Retention;

/// <summary>Documentation outlives the segments that it was in: as it was, with a proof that needs them no more, and for as long as it is told.</summary>
public sealed class DocumentationTests
{
    private const string Reason = "the contract of the vendor ended";

    private static readonly PurgeRule SixYears = new(TimeSpan.Zero, TimeSpan.FromDays(2192));

    private EvidenceDirectory _evidence = null!;

    [SetUp]
    public void MakeDirectory() => _evidence = new EvidenceDirectory();

    [TearDown]
    public void RemoveDirectory() => _evidence.Dispose();

    [Test]
    public async Task Documentation_is_kept_as_it_was_and_the_rest_goes()
    {
        var before = new Dictionary<long, byte[]>();
        await using (var journal = await FilledAsync())
        {
            await _evidence.HaveEndedAsync(journal);
            foreach (var (number, bytes) in BytesOf(static kind => RetentionClasses.IsDocumentation(kind)))
                before.Add(number, bytes);
            await PurgeAsync(journal);
        }

        var first = JournalReader.FirstRecordOf(_evidence.Journal.Path);
        var gone = before.Where(record => record.Key < first).ToDictionary();
        Assert.That(gone, Has.Count.GreaterThan(3));
        Assert.That(Kept().ToDictionary(static kept => kept.Number, static kept => kept.Entry), Is.EqualTo(gone));
        var report = _evidence.Verify();
        Assert.That(report.Findings, Is.Empty, string.Join('\n', report.Findings));
        Assert.That((report.KeptRecords, report.Purged!.Rule), Is.EqualTo((gone.Count, $"older than 0 days; {gone.Count} records of documentation, not older than 2192 days, are kept")));
    }

    [Test]
    public async Task It_is_kept_anew_by_every_further_purge_and_proven_by_the_head_of_its_time()
    {
        await using (var journal = await FilledAsync())
        {
            for (var purge = 0; purge < 3; purge++)
            {
                await PurgeAsync(journal);
                await FillAsync(journal);
            }
            await PurgeAsync(journal);
        }

        var firstChange = Kept().MinBy(static kept => kept.Number)!;
        Assert.That((firstChange.Number, firstChange.KeptKind), Is.EqualTo((1L, RecordKind.ConfigurationChanged)), "the first record that there ever was");
        Assert.That(RecordProof.Find(_evidence.Journal.Path, record: 1, CancellationToken.None)!.Verify(_evidence.Signer.PublicKey), Is.True);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
        Assert.That(Kept().Select(static kept => kept.Number), Is.Unique);
    }

    [Test]
    public async Task What_is_sealed_in_it_can_be_read_with_the_key_and_not_without()
    {
        await using (var journal = await FilledAsync())
        {
            await PurgeAsync(journal);
            await FillAsync(journal);
            await PurgeAsync(journal);
        }

        using var keys = await SegmentKeyRing.LoadAsync(_evidence.Journal.Path, _evidence.SealingKey, CancellationToken.None);
        string[] Reasons(SegmentKeyRing? ring) =>
            [.. Kept(ring).Where(static kept => kept.KeptKind == RecordKind.AccessRevoked).Select(static kept => ((DecodedAccessRevoked)RecordDecoder.Decode(kept.Open())).Reason)];
        Assert.That(Reasons(keys), Is.Not.Empty.And.All.EqualTo(Reason));
        Assert.That(Reasons(null), Is.Not.Empty.And.All.EqualTo(""));
        foreach (var segment in _evidence.Segments())
            Assert.That(Encoding.UTF8.GetString(await File.ReadAllBytesAsync(_evidence.Journal.SegmentPath(segment))), Does.Not.Contain(Reason));
    }

    [Test]
    public async Task What_was_erased_from_it_stays_erased()
    {
        await using (var journal = await FilledAsync())
        {
            await _evidence.HaveEndedAsync(journal);
            await new ContentErasure(_evidence.Journal.Path, journal, TimeProvider.System).RunAsync(TimeSpan.Zero, long.MaxValue, CancellationToken.None);
            await PurgeAsync(journal);
        }

        using var keys = await SegmentKeyRing.LoadAsync(_evidence.Journal.Path, _evidence.SealingKey, CancellationToken.None);
        var revoked = Kept(keys).Where(static kept => kept.KeptKind == RecordKind.AccessRevoked).ToList();
        Assert.That(revoked, Is.Not.Empty);
        Assert.That(revoked.Select(static kept => kept.Open().IsSealed), Is.All.True);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task Where_content_is_kept_for_less_time_no_key_is_kept_with_what_is_older()
    {
        await using (var journal = await FilledAsync())
        {
            await PurgeAsync(journal);
            Assert.That(await ReasonsAsync(), Is.All.EqualTo(Reason));
            await FillAsync(journal);
            await PurgeAsync(journal, SixYears with { KeepContent = TimeSpan.Zero });
        }

        Assert.That(await ReasonsAsync(), Is.Not.Empty.And.All.EqualTo(""), "what was kept before, and what is kept for the first time");
        Assert.That(_evidence.Verify().Findings, Is.Empty);

        async Task<string[]> ReasonsAsync()
        {
            using var keys = await SegmentKeyRing.LoadAsync(_evidence.Journal.Path, _evidence.SealingKey, CancellationToken.None);
            return [.. Kept(keys).Where(static kept => kept.KeptKind == RecordKind.AccessRevoked).Select(static kept => ((DecodedAccessRevoked)RecordDecoder.Decode(kept.Open())).Reason)];
        }
    }

    [Test]
    public async Task What_is_too_old_is_kept_no_longer()
    {
        await using (var journal = await FilledAsync())
        {
            await PurgeAsync(journal);
            Assert.That(Kept(), Is.Not.Empty);
            await FillAsync(journal);
            // Its segments go by their own age, and nothing of them is young enough.
            await _evidence.HaveEndedAsync(journal);
            var later = new LaterClock(TimeSpan.FromDays(10));
            await new JournalPurge(_evidence.Journal.Path, journal, later, _evidence.SealingKey).RunAsync(
                new PurgeRule(TimeSpan.FromDays(1), TimeSpan.FromDays(2)), long.MaxValue, CancellationToken.None);
        }

        Assert.That(Kept(), Is.Empty);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task While_no_key_is_to_be_had_nothing_goes()
    {
        await using var journal = await FilledAsync();
        await _evidence.HaveEndedAsync(journal);
        var purge = new JournalPurge(_evidence.Journal.Path, journal, TimeProvider.System, new AwayKey());
        Assert.That(async () => await purge.RunAsync(SixYears, long.MaxValue, CancellationToken.None), Throws.InstanceOf<JournalKeyException>());
        Assert.That(_evidence.Segments()[0], Is.EqualTo(1));
        await PurgeAsync(journal);
        Assert.That(Kept().Select(static kept => kept.Number).Distinct().ToArray(), Is.Not.Empty);
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task A_purge_takes_a_step_at_once()
    {
        await using var journal = await FilledAsync();
        await _evidence.HaveEndedAsync(journal);
        var purge = new JournalPurge(_evidence.Journal.Path, journal, TimeProvider.System, _evidence.SealingKey);
        Assert.That(await purge.RunAsync(SixYears with { Step = TimeSpan.FromDays(1) }, long.MaxValue, CancellationToken.None), Is.Zero);
        Assert.That(_evidence.Segments()[0], Is.EqualTo(1));
    }

    [Test]
    public async Task The_index_finds_what_is_kept_and_forgets_what_is_kept_no_longer()
    {
        await using var journal = await FilledAsync();
        var path = AuditIndex.DefaultPathFor(_evidence.Journal.Path);
        try
        {
            var before = Versions(path);
            await PurgeAsync(journal);
            Assert.That(Versions(path), Is.EqualTo(before), "brought up to date");
            File.Delete(path);
            Assert.That(Versions(path), Is.EqualTo(before), "made anew");
            await FillAsync(journal);
            await _evidence.HaveEndedAsync(journal);
            await new JournalPurge(_evidence.Journal.Path, journal, TimeProvider.System).RunAsync(new PurgeRule(TimeSpan.Zero), long.MaxValue, CancellationToken.None);
            Assert.That(Versions(path), Has.None.EqualTo(before[0]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestCase(8, TestName = "The index of its entry is changed")]
    [TestCase(16 + 4, TestName = "The hash before is changed")]
    [TestCase(16 + 4 + 32 + 4 + 40, TestName = "The record is changed")]
    public async Task A_record_that_was_never_in_the_journal_cannot_be_kept(int offset)
    {
        await using (var journal = await FilledAsync())
        {
            await PurgeAsync(journal);
            var genuine = BytesOf(static kind => kind == RecordKind.Kept)[0].Bytes;
            var length = BitConverter.ToInt32(genuine);
            var body = genuine.AsSpan(32, length - 32).ToArray();
            // What follows the readable part of a sealed one is sealed; a forger leaves that away.
            if (genuine[31] == 1) Assert.Fail("the first record is a version of the configuration, which seals nothing");
            body[offset] ^= 1;
            var forged = new ForgedRecord(body);
            Assert.That(journal.TryAppend(in forged, out _), Is.True);
        }

        Assert.That(_evidence.Verify().Findings.Select(finding => finding.ToString()), Has.Some.Contains("the proof of that does not hold"));
    }

    [Test]
    public async Task A_record_under_a_head_that_was_never_filed_cannot_be_kept_whoever_signed_it()
    {
        await using (var journal = await FilledAsync())
        {
            await PurgeAsync(journal);
            var genuine = Kept()[0];
            // A tree of this one leaf.
            var leaf = SHA256.HashData([0, .. genuine.Before, .. genuine.Entry]);
            var head = SignedHead.Parse(genuine.Head)!.Head with { Size = 1, Root = leaf, Chain = leaf };
            var signed = new SignedHead(head, _evidence.Signer.PublicKey.Id, await _evidence.Signer.SignAsync(head.SignedBytes, CancellationToken.None));
            var forged = new KeptRecord
            {
                Segment = genuine.Segment,
                Index = 0,
                Before = genuine.Before,
                Entry = genuine.Entry,
                Path = [],
                Head = signed.ToString(),
                DataKey = [],
            };
            Assert.That(journal.TryAppend(in forged, out _), Is.True);
        }

        Assert.That(_evidence.Verify().Findings.Select(finding => finding.ToString()), Has.Exactly(1).Contains("under a head that journal.heads has not"));
    }

    [Test]
    public async Task A_record_whose_beginning_is_moved_into_the_hash_before_it_cannot_be_kept()
    {
        await using (var journal = await FilledAsync())
        {
            await PurgeAsync(journal);
            var genuine = Kept()[0];
            // Two records in one leaf: where the hash before ends, the second one begins.
            var inner = genuine.Entry;
            var leaf = SHA256.HashData([0, .. genuine.Before, .. inner, .. inner]);
            var head = SignedHead.Parse(genuine.Head)!.Head with { Size = 1, Root = leaf, Chain = leaf };
            var signed = new SignedHead(head, _evidence.Signer.PublicKey.Id, await _evidence.Signer.SignAsync(head.SignedBytes, CancellationToken.None));
            var moved = new KeptRecord
            {
                Segment = genuine.Segment,
                Index = 0,
                Before = [.. genuine.Before, .. inner],
                Entry = inner,
                Path = [],
                Head = signed.ToString(),
                DataKey = [],
            };
            Assert.That(journal.TryAppend(in moved, out _), Is.True);
        }

        Assert.That(_evidence.Verify().Findings.Select(finding => finding.ToString()), Has.Exactly(1).Contains("the proof of that does not hold"));
    }

    [Test]
    public async Task A_record_behind_a_purge_is_proven_without_what_was_purged()
    {
        await using (var journal = await FilledAsync())
            await PurgeAsync(journal);
        var first = JournalReader.FirstRecordOf(_evidence.Journal.Path);
        var last = _evidence.Journal.ReadAll().Entries[^1].Number;
        foreach (var number in new[] { first, (first + last) / 2, last })
            Assert.That(RecordProof.Find(_evidence.Journal.Path, number, CancellationToken.None)!.Verify(_evidence.Signer.PublicKey), Is.True, $"record {number}");
    }

    private IReadOnlyList<string> Versions(string path)
    {
        using var index = AuditIndex.Open(_evidence.Journal.Path, path, CancellationToken.None);
        return [.. index.Events(DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Where(static row => row.Kind == "configuration_changed").Select(static row => row.What)];
    }

    private List<DecodedKept> Kept(SegmentKeyRing? keys = null)
    {
        using var reader = new JournalReader(_evidence.Journal.Path, keys: keys);
        var kept = new List<DecodedKept>();
        while (reader.Read() is var step and not JournalReadResult.End)
            if (step is JournalReadResult.Record && RecordDecoder.Decode(reader.Entry) is DecodedKept one)
                kept.Add(one);
        return kept;
    }

    /// <summary>The records of some kinds as they are in their segments, with their padding.</summary>
    private List<(long Number, byte[] Bytes)> BytesOf(Func<RecordKind, bool> isWanted)
    {
        var found = new List<(long, byte[])>();
        foreach (var segment in _evidence.Segments())
        {
            using var scanner = SegmentScanner.Open(_evidence.Journal.SegmentPath(segment), isWriterDead: false);
            for (var start = scanner.Offset; scanner.Read() is JournalReadResult.Record; start = scanner.Offset)
                if (isWanted(scanner.Entry.Kind))
                    found.Add((scanner.Entry.Number, scanner.Bytes(start, scanner.Offset).ToArray()));
        }
        return found;
    }

    private async Task<MappedJournal> FilledAsync()
    {
        var journal = await _evidence.OpenAsync();
        await FillAsync(journal);
        return journal;
    }

    /// <summary>Several segments, each with some documentation in it.</summary>
    private static async Task FillAsync(MappedJournal journal)
    {
        for (var i = 0; i < 1_200; i++)
        {
            if (i % 150 == 0)
                await JournalDirectory.EventuallyAsync(() => TryDocument(journal, i));
            await JournalDirectory.EventuallyAsync(() => JournalDirectory.TryAppend(journal, i % 400, out _));
        }
    }

    private static bool TryDocument(MappedJournal journal, int number)
    {
        var changed = new ConfigurationChangedRecord { NewVersion = number.ToString(CultureInfo.InvariantCulture), ChangedBy = "somebody", Digest = new byte[32] };
        var revoked = new AccessRevokedRecord { Subject = "agent", Value = "a", Reason = Reason };
        return journal.TryAppend(in changed, out _) && journal.TryAppend(in revoked, out _);
    }

    /// <summary>All that has ended and is signed, whatever its age; documentation stays.</summary>
    private async Task PurgeAsync(MappedJournal journal, PurgeRule? rule = null)
    {
        await _evidence.HaveEndedAsync(journal);
        var purge = new JournalPurge(_evidence.Journal.Path, journal, TimeProvider.System, _evidence.SealingKey);
        Assert.That(await purge.RunAsync(rule ?? SixYears, long.MaxValue, CancellationToken.None), Is.GreaterThan(2));
    }

    private readonly struct ForgedRecord(byte[] body) : IJournalRecord
    {
        public RecordKind Kind => RecordKind.Kept;

        public int SealedBytes => 0;

        public int Measure() => body.Length;

        public void Write(Span<byte> destination) => body.CopyTo(destination);
    }

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    private sealed class AwayKey : IKeyEncryptionKey
    {
        public string Id => "away";

        public ValueTask<DataKey> GenerateAsync(SegmentIdentity segment, CancellationToken cancellation) => throw new JournalKeyException("the key service is away");

        public ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, SegmentIdentity segment, CancellationToken cancellation) =>
            throw new JournalKeyException("the key service is away");
    }
}
