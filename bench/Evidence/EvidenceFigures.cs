using System.Diagnostics;
using System.Globalization;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Verification;
using Proxy.Core.Policy;
using Proxy.Host.Evidence.Index;

namespace Proxy.Bench.Evidence;

/// <summary>A sealed and chained journal of a million statements: what appending, verifying, indexing and searching cost.</summary>
internal static class EvidenceFigures
{
    private const int Statements = 1_000_000;
    private const int SessionStatements = 1_000;
    private const int Sessions = 64;

    private static readonly TimeSpan ServerTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan DurabilityTime = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("phigate-bench-evidence-").FullName;
        try
        {
            var journal = Path.Combine(directory, "journal");
            using var sealing = new LocalKeyEncryptionKey(System.Security.Cryptography.RandomNumberGenerator.GetBytes(LocalKeyEncryptionKey.KeyBytes));
            using var signer = new LocalHeadSigner(LocalHeadSigner.Generate());
            var evidence = new JournalEvidence { SealingKey = sealing, Signer = signer };
            var cpu = Cpu();
            var appending = await FillAsync(journal, evidence, cancellationToken);
            await WriteAsync(output, $"append: {appending.TotalNanoseconds / (2.0 * Statements):F0} ns a record, sealed, two for each statement");
            await WriteAsync(output, $"append, chain, tree and heads: {(Cpu() - cpu).TotalNanoseconds / (2.0 * Statements):F0} ns of CPU a record, all threads");

            var since = Stopwatch.GetTimestamp();
            var verifyingFrom = Cpu();
            var report = JournalVerifier.Run(journal, [signer.PublicKey], [], progress: null, cancellationToken);
            var verifying = Stopwatch.GetElapsedTime(since);
            await WriteAsync(output, $"journal: {report.Bytes / 1e6:F0} MB for {Statements} statements");
            await WriteAsync(output, $"verify, CPU: {report.Bytes / 1e6 / (Cpu() - verifyingFrom).TotalSeconds:F0} MB for each second");
            await WriteAsync(output, $"verify: {report.Bytes / 1e6 / verifying.TotalSeconds:F0} MB/s, {report.Findings.Length} findings");

            since = Stopwatch.GetTimestamp();
            using var index = AuditIndex.Open(journal, AuditIndex.DefaultPathFor(journal), cancellationToken);
            await WriteAsync(output, $"index: made in {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s");
            await SearchAsync(output, index, "by relation", new StatementQuery { Relation = "public.relation_7" });
            await SearchAsync(output, index, "by person", new StatementQuery { Human = "person-77" });
            await SearchAsync(output, index, "by risk, none found", new StatementQuery { Risk = RiskClasses.Export });
            var written = await DurableAsync(Path.Combine(directory, "written"), evidence with { Durability = Durability.Written }, cancellationToken);
            var flushed = await DurableAsync(Path.Combine(directory, "flushed"), evidence with { Durability = Durability.Flushed }, cancellationToken);
            await WriteAsync(output, $"{Sessions} sessions, a statement {ServerTime.TotalMilliseconds:F0} ms at the server: written {written:F0}, flushed {flushed:F0} statements/s ({100 * flushed / written:F0} %)");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;

    /// <summary>Statements for each second of sessions that wait for their intent to be durable, then for a server.</summary>
    private static async Task<double> DurableAsync(string directory, JournalEvidence evidence, CancellationToken cancellationToken)
    {
        await using var journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory, SegmentsReady = 2, Evidence = evidence }, TimeProvider.System, cancellationToken);
        var begin = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => Task.Run(() => AskAsync(journal, begin, cancellationToken), cancellationToken)));
        return counts.Sum() / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static async Task<long> AskAsync(MappedJournal journal, long begin, CancellationToken cancellationToken)
    {
        long count = 0;
        for (; Stopwatch.GetElapsedTime(begin) < DurabilityTime; count++)
        {
            if (!await journal.WhenDurableAsync(AppendIntent(journal), cancellationToken)) throw new InvalidOperationException("The journal failed.");
            await Task.Delay(ServerTime, cancellationToken);
        }
        return count;
    }

    private static long AppendIntent(MappedJournal journal)
    {
        var intent = new IntentRecord { Text = "select id, status, ward from patients where mrn = 'MRN-0000000' and ward = 7"u8, Rule = "clinicians" };
        Insist(journal.TryAppend(in intent, out var number));
        return number;
    }

    private static async Task<TimeSpan> FillAsync(string directory, JournalEvidence evidence, CancellationToken cancellationToken)
    {
        await using var journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory, SegmentsReady = 2, Evidence = evidence }, TimeProvider.System, cancellationToken);
        var appending = TimeSpan.Zero;
        for (var first = 0; first < Statements; first += SessionStatements)
        {
            // Time for segments to be prepared: the speed of the disk is not what is measured here.
            while (journal.State is not JournalState.Ready || journal.Figures.SegmentsReady == 0)
                await Task.Delay(5, cancellationToken);
            var since = Stopwatch.GetTimestamp();
            AppendSession(journal, first);
            appending += Stopwatch.GetElapsedTime(since);
        }
        return appending;
    }

    private static void AppendSession(MappedJournal journal, int first)
    {
        var session = Guid.NewGuid();
        var human = string.Create(CultureInfo.InvariantCulture, $"person-{first / SessionStatements}");
        var opened = new SessionOpenedRecord { SessionId = session, Issuer = "https://idp", Subject = "agent", Human = human, Target = "hospital" };
        Insist(journal.TryAppend(in opened, out _));
        string[] relations = [string.Create(CultureInfo.InvariantCulture, $"public.relation_{first / SessionStatements % 100}")];
        for (var i = 0; i < SessionStatements; i++)
        {
            var intent = new IntentRecord
            {
                SessionId = session,
                StatementNumber = i,
                Text = "select id, status, ward from patients where mrn = 'MRN-0000000' and ward = 7"u8,
                Fingerprint = (ulong)i,
                Risk = RiskClasses.PhiRead,
                Relations = relations,
                Verdict = Verdict.Mask,
                Rule = "clinicians",
                PolicyVersion = "0123456789abcdef",
            };
            Insist(journal.TryAppend(in intent, out var number));
            var outcome = new OutcomeRecord
            {
                SessionId = session,
                Statement = number,
                Status = OutcomeStatus.Completed,
                CommandTag = "SELECT 1"u8,
                Rows = 1,
                AnswerMode = AnswerMode.Full,
                AnswerBytes = 90,
                Answer = "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"u8,
            };
            Insist(journal.TryAppend(in outcome, out _));
        }
    }

    private static async Task SearchAsync(TextWriter output, AuditIndex index, string name, StatementQuery query)
    {
        var since = Stopwatch.GetTimestamp();
        var count = index.Search(query).Count;
        await WriteAsync(output, $"search {name}: {Stopwatch.GetElapsedTime(since).TotalMilliseconds:F1} ms, {count} shown");
    }

    private static Task WriteAsync(TextWriter output, FormattableString line) => output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));

    private static void Insist(bool isAppended)
    {
        if (!isAppended) throw new InvalidOperationException("The journal took no record.");
    }
}
