using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Verification;
using Proxy.Core.Policy;
using Proxy.Host.Evidence.Index;

namespace Proxy.Bench.Evidence;

/// <summary>
/// `bench evidence`: what appending, verifying, indexing and searching a sealed and chained journal cost, at two sizes, so that growth is seen; and what the
/// kinds of durability cost sessions. Nothing but the journal is measured here: what it costs a gateway is in `bench load`.
/// </summary>
internal static class EvidenceBenchmark
{
    private const int Statements = 1_000_000;
    private const double VerifyGoal = 300;
    private const double SearchGoal = 1_000;
    private const double FlushedGoal = 70;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("phigate-bench-evidence-").FullName;
        var figures = new List<EvidenceFigure>();
        try
        {
            using var sealing = new LocalKeyEncryptionKey(RandomNumberGenerator.GetBytes(LocalKeyEncryptionKey.KeyBytes));
            using var signer = new LocalHeadSigner(LocalHeadSigner.Generate());
            var evidence = new JournalEvidence { SealingKey = sealing, Signer = signer };
            foreach (var statements in new[] { Statements / 4, Statements })
                await MeasureAsync(Path.Combine(directory, $"{statements}"), evidence, signer, statements, figures, cancellationToken);
            await DurabilityAsync(directory, evidence, figures, cancellationToken);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        Print(figures);
        var results = Directory.CreateDirectory(Path.Combine(Repository.Root, "bench", "results")).FullName;
        await File.WriteAllTextAsync(Path.Combine(results, "evidence.json"), JsonSerializer.Serialize(figures, Format) + "\n", cancellationToken);
    }

    private static async Task MeasureAsync(
        string journal, JournalEvidence evidence, LocalHeadSigner signer, int statements, List<EvidenceFigure> figures, CancellationToken cancellationToken)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var appending = await StatementJournal.FillAsync(journal, evidence, statements, cancellationToken);
        figures.Add(new("append a record, sealed", statements, appending.TotalNanoseconds / (2.0 * statements), "ns", null, null));
        figures.Add(new("append, chain, tree and heads, CPU of all threads", statements, (Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / (2.0 * statements), "ns", null, null));

        // The second time: what is measured is the verifier, not the disk, and not the compiler.
        Verify();
        cpu = Environment.CpuUsage.TotalTime;
        var since = Stopwatch.GetTimestamp();
        var report = Verify();
        var (clock, spent) = (Stopwatch.GetElapsedTime(since), Environment.CpuUsage.TotalTime - cpu);
        if (!report.IsUntouched) throw new InvalidOperationException($"The journal does not verify: {report.Findings[0]}");
        figures.Add(new("journal", statements, report.Bytes / 1e6 * (1_000_000.0 / statements), "MB a million statements", null, null));
        figures.Add(new("verify", statements, report.Bytes / 1e6 / clock.TotalSeconds, "MB/s", $"≥ {VerifyGoal:0}", report.Bytes / 1e6 / clock.TotalSeconds >= VerifyGoal));
        figures.Add(new("verify, of CPU", statements, report.Bytes / 1e6 / spent.TotalSeconds, "MB/s", null, null));

        since = Stopwatch.GetTimestamp();
        using var index = AuditIndex.Open(journal, AuditIndex.DefaultPathFor(journal), cancellationToken);
        figures.Add(new("make the index", statements, Stopwatch.GetElapsedTime(since).TotalSeconds * (1_000_000.0 / statements), "s a million statements", null, null));
        Search("by relation", new StatementQuery { Relation = "public.relation_7" });
        Search("by relation without its schema", new StatementQuery { Relation = "relation_7" });
        Search("by person", new StatementQuery { Human = "person-77" });
        Search("by class, none found", new StatementQuery { Class = Core.Catalogue.IdentifierClass.SocialSecurityNumber });
        Search("by risk, none found", new StatementQuery { Risk = RiskClasses.Export });
        Search("by rule and decision", new StatementQuery { Rule = "clinicians", Verdict = Verdict.Mask });
        Search("by person and refusal, none found", new StatementQuery { Human = "person-77", Refusal = "write-not-allowed" });

        VerificationReport Verify() => JournalVerifier.Run(journal, [signer.PublicKey], [], progress: null, cancellationToken);

        void Search(string name, StatementQuery query)
        {
            var began = Stopwatch.GetTimestamp();
            index.Search(query);
            var milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            figures.Add(new($"search {name}", statements, milliseconds, "ms", $"≤ {SearchGoal:0}", milliseconds <= SearchGoal));
        }
    }

    private static async Task DurabilityAsync(string directory, JournalEvidence evidence, List<EvidenceFigure> figures, CancellationToken cancellationToken)
    {
        var written = await DurabilityLoad.RunAsync(Path.Combine(directory, "written"), evidence, cancellationToken);
        var flushed = await DurabilityLoad.RunAsync(Path.Combine(directory, "flushed"), evidence with { Durability = Durability.Flushed }, cancellationToken);
        var replicated = await DurabilityLoad.ReplicatedAsync(Path.Combine(directory, "replicated"), evidence, cancellationToken);
        var name = $"{DurabilityLoad.Sessions} sessions, {DurabilityLoad.ServerTime.TotalMilliseconds:0} ms at the server";
        figures.Add(new($"{name}, written", null, written, "statements/s", null, null));
        figures.Add(new($"{name}, flushed", null, flushed, "statements/s", null, null));
        figures.Add(new("flushed of written", null, 100 * flushed / written, "%", $"≥ {FlushedGoal:0}", 100 * flushed / written >= FlushedGoal));
        figures.Add(new($"{name}, replicated, the copy synced on the same disk", null, replicated, "statements/s", null, null));
    }

    private static void Print(List<EvidenceFigure> figures)
    {
        Console.WriteLine("| figure | statements | value | unit | goal |");
        Console.WriteLine("|---|---:|---:|---|---|");
        foreach (var figure in figures)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {figure.Name} | {figure.Statements:N0} | {figure.Value:N1} | {figure.Unit} | {(figure.IsMet is { } met ? $"{(met ? "PASS" : "over")} ({figure.Goal})" : "")} |"));
    }
}
