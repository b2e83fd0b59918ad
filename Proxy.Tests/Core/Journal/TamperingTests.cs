using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Verification;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal;

/// <summary>Random tamperings with a journal of several segments and runs, whose last head is anchored: each must be found.</summary>
public sealed class TamperingTests
{
    private EvidenceDirectory _evidence = null!;

    [OneTimeSetUp]
    public async Task MakeJournal()
    {
        _evidence = new EvidenceDirectory();
        for (int run = 0; run < 3; run++)
        {
            await using MappedJournal journal = await _evidence.OpenAsync();
            for (int i = 0; i < 250; i++)
            {
                while (!JournalDirectory.TryAppend(journal, 40 + i * 7 % 600, out long _))
                    await Task.Delay(1);
            }
        }
    }

    [OneTimeTearDown]
    public void RemoveJournal() => _evidence.Dispose();

    [Test]
    public async Task Every_tampering_is_found_and_the_untouched_journal_verifies_each_time()
    {
        int rounds = Proof.Size(sample: 420, full: 10_000);
        var random = new Random(Proof.Seed);
        var done = new SortedDictionary<string, int>();
        for (int round = 0; round < rounds; round++)
        {
            using EvidenceCopy copy = EvidenceCopy.Of(_evidence.Journal.Path);
            Assert.That(_evidence.Verify(copy.Path).Findings, Is.Empty, $"round {round}: untouched");
            var tampering = new Tampering(copy.Path, random, _evidence.Signer);
            string kind = tampering.Kinds[round % tampering.Kinds.Length];
            await tampering.DoAsync(kind);
            VerificationReport report = _evidence.Verify(copy.Path);
            Assert.That(report.IsUntouched, Is.False, $"round {round}, seed {Proof.Seed}: {kind} was not found");
            done[kind] = done.GetValueOrDefault(kind) + 1;
        }
        Proof.Record("journal-tampering", $"{rounds} random tamperings of {done.Count} kinds, all found; the untouched journal verified each time");
    }
}
