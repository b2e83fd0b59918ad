using BenchmarkDotNet.Attributes;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Bench.Micro;

/// <summary>
/// What recording costs a transaction: the Intent before it is forwarded and the Outcome after. Every iteration gets a fresh segment, so that the
/// append is measured and not the disk; the segment is on a disk all the same, faulted in as in production.
/// </summary>
[MemoryDiagnoser]
public class JournalAppendBenchmarks
{
    private const int Appends = 100_000;

    private readonly byte[] _shortText = new byte[120];
    private readonly byte[] _longText = new byte[4096];
    private string _directory = "";
    private MappedJournal _journal = null!;

    // BenchmarkDotNet calls what prepares an iteration synchronously, outside of what it measures.
    [IterationSetup]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("phigate-bench-journal-").FullName;
        var options = new JournalOptions { Directory = _directory, SegmentBytes = 512 * 1024 * 1024 };
        _journal = MappedJournal.OpenAsync(options, TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult();
    }

    [IterationCleanup]
    public void Close()
    {
        _journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>About 200 bytes of body.</summary>
    [Benchmark(OperationsPerInvoke = Appends)]
    public void Intent() => AppendIntents(_shortText);

    [Benchmark(OperationsPerInvoke = Appends)]
    public void Intent_of_4_KiB() => AppendIntents(_longText);

    [Benchmark(OperationsPerInvoke = Appends)]
    public void Outcome()
    {
        for (int i = 0; i < Appends; i++)
        {
            var outcome = new OutcomeRecord { Statement = i, Status = OutcomeStatus.Completed, CommandTag = "SELECT 1"u8, Rows = 1, Bytes = 80 };
            Insist(_journal.TryAppend(in outcome, out _));
        }
    }

    [Benchmark(OperationsPerInvoke = 2 * Appends)]
    public void Intent_from_two_threads() => Parallel.Invoke(() => AppendIntents(_shortText), () => AppendIntents(_shortText));

    private void AppendIntents(byte[] text)
    {
        for (int i = 0; i < Appends; i++)
        {
            var intent = new IntentRecord
            {
                StatementNumber = i,
                Text = text,
                Fingerprint = (ulong)i,
                Risk = RiskClasses.Read | RiskClasses.PhiRead,
                Verdict = Verdict.Mask,
                Rule = "clinicians",
                Profile = MaskProfile.Pseudonymous,
                PolicyVersion = "2026-11-25.1",
            };
            Insist(_journal.TryAppend(in intent, out _));
        }
    }

    private static void Insist(bool appended)
    {
        if (!appended)
            throw new InvalidOperationException("The benchmark's segment is full.");
    }
}
