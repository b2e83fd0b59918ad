using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal.Retention;

/// <summary>
/// Random tamperings with a journal of which the beginning was purged, documentation kept and content erased: all that can be done to any journal, and what can be
/// done to the records that retention leaves, also by somebody who has them signed. Each must be found.
/// </summary>
public sealed class RetentionTamperingTests
{
    private AgedJournal _aged = null!;

    private EvidenceDirectory Evidence => _aged.Evidence;

    [OneTimeSetUp]
    public async Task MakeJournal() => _aged = await AgedJournal.MakeAsync();

    [OneTimeTearDown]
    public void RemoveJournal() => _aged?.Dispose();

    [Test]
    public void The_journal_is_whole_and_has_all_that_retention_leaves()
    {
        var report = Evidence.Verify();
        Assert.That(report.Findings, Is.Empty, string.Join('\n', report.Findings));
        Assert.That((report.Purged is null, report.ErasedContents.Length, report.AnchoredTo!.LastRecord), Is.EqualTo((false, 1, report.SignedTo!.LastRecord)));
        Assert.That(report.KeptRecords, Is.GreaterThan(10));
    }

    [Test]
    public async Task Every_tampering_is_found_and_the_untouched_journal_verifies_each_time()
    {
        var rounds = Proof.Size(sample: 100, full: 2_500);
        var random = new Random(Proof.Seed);
        var done = new SortedDictionary<string, int>();
        for (var round = 0; round < rounds; round++)
        {
            using var copy = EvidenceCopy.Of(Evidence.Journal.Path);
            Assert.That(Evidence.Verify(copy.Path).Findings, Is.Empty, $"round {round}: untouched");
            var (anywhere, ofRetention) = (new Tampering(copy.Path, random, Evidence.Signer), new RetentionTampering(copy.Path, random, Evidence));
            var at = round % (anywhere.Kinds.Length + ofRetention.Kinds.Length);
            var kind = at < ofRetention.Kinds.Length ? ofRetention.Kinds[at] : anywhere.Kinds[at - ofRetention.Kinds.Length];
            await (at < ofRetention.Kinds.Length ? ofRetention.DoAsync(kind) : anywhere.DoAsync(kind));
            Assert.That(Evidence.Verify(copy.Path).IsUntouched, Is.False, $"round {round}, seed {Proof.Seed}: {kind} was not found");
            done[kind] = done.GetValueOrDefault(kind) + 1;
        }
        Proof.Record(
            "journal-tampering-retention",
            $"{rounds} random tamperings of {done.Count} kinds with a purged journal with kept records and erased content, all found; the untouched journal verified each time");
    }

    /// <summary>The verifier looks for the record of the purge in every segment before it reads any.</summary>
    [Test]
    public async Task A_segment_whose_header_is_damaged_is_named()
    {
        using var copy = EvidenceCopy.Of(Evidence.Journal.Path);
        var path = Directory.GetFiles(copy.Path, "segment-*.journal").Order(StringComparer.Ordinal).ElementAt(5);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[20] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        Assert.That(Evidence.Verify(copy.Path).Findings.Select(static finding => finding.ToString()), Has.Some.Contains($"The header of {path} is damaged"));
    }

    /// <summary>So that what is found of a signed forgery is the forgery.</summary>
    [Test]
    public async Task A_genuine_record_may_be_kept_twice()
    {
        using var copy = EvidenceCopy.Of(Evidence.Journal.Path);
        await new RetentionTampering(copy.Path, new Random(Proof.Seed), Evidence).KeepGenuineAsync();
        var report = Evidence.Verify(copy.Path);
        Assert.That(report.Findings, Is.Empty, string.Join('\n', report.Findings));
        Assert.That(report.KeptRecords, Is.EqualTo(Evidence.Verify().KeptRecords));
    }

    /// <summary>The product of the lengths is one that a number of 64 bits does not hold.</summary>
    [Test]
    public async Task A_record_of_erased_content_that_names_more_segments_than_there_can_be_is_malformed()
    {
        using var copy = EvidenceCopy.Of(Evidence.Journal.Path);
        await new RetentionTampering(copy.Path, new Random(Proof.Seed), Evidence).AppendAsync(static journal =>
        {
            var record = new ContentErasedRecord { FirstSegment = 1, LastSegment = 1L << 59, FirstRecord = 1, LastRecord = 1, Newest = default, Headers = [], Rule = "" };
            return journal.TryAppend(in record, out _);
        });
        Assert.That(Evidence.Verify(copy.Path).Findings.Select(static finding => finding.ToString()), Has.Exactly(1).Contains("malformed"));
    }
}
