using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Proxy.Bench.Micro;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;
using Proxy.Core.Sql.Postgres;

namespace Proxy.Bench.Decisions;

/// <summary>
/// `bench decisions`: what reading and judging a statement costs over a catalogue of 5,000 relations and 50,000 columns: known already, and new as agents
/// send them, with a literal of their own each time; and what reading alone costs, by both readers, over growing texts. Processor time of the process, not
/// the clock: the machine may have other work.
/// </summary>
internal static class DecisionBenchmark
{
    private const int Rounds = 15;
    private const int DigitsAtEnd = 8;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>So many conditions make texts of 0.3, 0.8, 3, 12 and 49 KB.</summary>
    private static readonly int[] Growing = [10, 40, 160, 640, 2560];

    /// <summary>Numbers from here on have as many digits and no zero in front: then each text has the form of the last. With zeros in front none has.</summary>
    private const int FirstOfForm = 10_000_000;

    /// <summary>In KB.</summary>
    private static readonly int[] Sizes = [1, 4, 16, 64, 1024];

    private const int BytesPerCondition = 19; // " and v.id <> 100000"

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var frontEnd = new PostgresFrontEnd(new PostgresFrontEndOptions
        {
            CallerStackBytes = 8 * 1024 * 1024,
            InlineTextBytesMax = 256 * 1024,
            Deadline = TimeSpan.FromSeconds(10),
        });
        var judge = Judge();
        var figures = new List<DecisionFigure>
        {
            Measure(frontEnd, judge, "hit", "select name, dob from patients where id = 1", isNew: false, count: 20_000, goal: 0.5, cancellationToken),
            Measure(frontEnd, judge, "miss, short", "select name, dob from patients where id = ", isNew: true, count: 500, goal: 40, cancellationToken),
            Measure(frontEnd, judge, "miss of a known form, short", "select name, dob from patients where id = ", isNew: true, count: 500, goal: 40, cancellationToken, first: FirstOfForm),
            Measure(frontEnd, judge, "miss, 2 KB analytic", AnalyticStatement.Text + " and v.id <> ", isNew: true, count: 40, goal: 1500, cancellationToken),
        };
        foreach (var conditions in new[] { 10, 40, 160, 640 })
            figures.Add(Measure(frontEnd, judge, $"miss, {conditions} conditions", Conditions(conditions), isNew: true, count: Math.Max(2, 400 / conditions), goal: null, cancellationToken));
        foreach (var conditions in Growing)
            figures.Add(Measure(frontEnd, null, $"read, {conditions} conditions", Conditions(conditions), isNew: true, count: Math.Max(2, 400 / conditions), goal: null, cancellationToken));
        figures.AddRange(MySql(cancellationToken));
        Print(figures);
        var directory = Directory.CreateDirectory(Path.Combine(Repository.Root, "bench", "results")).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "decisions.json"), JsonSerializer.Serialize(figures, Format) + "\n", cancellationToken);
    }

    /// <summary>Texts of all sizes up to the limit: of many conditions, of which the tree grows, and of one constant or comment, of which it does not.</summary>
    private static IEnumerable<DecisionFigure> MySql(CancellationToken cancellationToken)
    {
        var reader = new MySqlFrontEnd(new MySqlFrontEndOptions { InlineTextBytesMax = 1024 * 1024 }).For(MySqlReadSettings.Default);
        yield return Measure(reader, null, "MySQL read, short", "select name, dob from patients where id = ", isNew: true, count: 20_000, goal: 5, cancellationToken);
        yield return Measure(reader, null, "MySQL read, 2 KB analytic", AnalyticStatement.MySqlText + " and v.id <> ", isNew: true, count: 1_000, goal: 60, cancellationToken);
        foreach (var kilobytes in Sizes)
        {
            var bytes = (kilobytes * 1024) - 256;
            yield return MySql(reader, kilobytes, "conditions", Conditions(bytes / BytesPerCondition), cancellationToken);
            yield return MySql(reader, kilobytes, "one constant", $"select id from notes where body = '{new string('x', bytes)}' and id <> ", cancellationToken);
            yield return MySql(reader, kilobytes, "one comment", $"select id /*{new string('x', bytes)}*/ from notes where id <> ", cancellationToken);
        }
    }

    private static DecisionFigure MySql(ISqlFrontEnd reader, int kilobytes, string what, string text, CancellationToken cancellationToken) =>
        Measure(reader, null, $"MySQL read, {kilobytes} KB, {what}", text, isNew: true, count: Math.Max(2, 2_000 / kilobytes), goal: null, cancellationToken);

    private static SessionJudge Judge()
    {
        var rule = new AccessRule
        {
            Name = "agents",
            Risk = new RiskCondition
            {
                Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.PhiEquality | RiskClasses.PhiOrdering | RiskClasses.PhiGrouping | RiskClasses.Session,
            },
            Verdict = Verdict.Mask,
            Profile = MaskProfile.Pseudonymous,
        };
        return new SessionJudge(
            new Principal { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue }, "hospital", "hospital",
            new OnePolicy(new AccessPolicy([rule], "bench")), new LargeCatalogue(), new MaskPlanner(new MaskingKeys(new byte[32])), TimeProvider.System);
    }

    private static string Conditions(int count) =>
        $"select v.id from visits v join patients p on p.id = v.patient_id where {string.Join(" and ", Enumerable.Range(0, count).Select(static i => $"v.id <> {100_000 + i}"))} and p.id <> ";

    private static DecisionFigure Measure(
        ISqlFrontEnd frontEnd, SessionJudge? judge, string name, string text, bool isNew, int count, double? goal, CancellationToken cancellationToken,
        int first = 0)
    {
        var bytes = Encoding.UTF8.GetBytes(isNew ? text + new string('0', DigitsAtEnd) : text);
        var counter = first;
        // The cache is filled, and the code compiled, twice over: what compiles it again in the background is this process, too, and would be counted.
        for (var warming = Stopwatch.StartNew(); warming.Elapsed < WarmUp;)
            Run(count);
        var microseconds = new double[Rounds];
        var allocated = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GC.Collect();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var began = Environment.CpuUsage.TotalTime;
            Run(count);
            microseconds[round] = (Environment.CpuUsage.TotalTime - began).TotalMicroseconds / count;
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / count;
        }

        Array.Sort(microseconds);
        return new DecisionFigure(name, bytes.Length, Math.Round(microseconds[Rounds / 2], 2), allocated, goal);

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                if (isNew) (++counter).TryFormat(bytes.AsSpan(bytes.Length - DigitsAtEnd), out _, "D8", CultureInfo.InvariantCulture);
                if (!frontEnd.TryAnalyse(bytes, out var analysis) || analysis.Status is not AnalysisStatus.Read)
                    throw new InvalidOperationException($"{name}: the statement was not read on the spot.");
                judge?.Judge(analysis, NoNames.Instance);
            }
        }
    }

    private static void Print(List<DecisionFigure> figures)
    {
        Console.WriteLine("decision                                  bytes   µs (median)   ns a byte   allocated   goal µs");
        foreach (var figure in figures)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figure.Statement,-38} {figure.Bytes,8} {figure.Microseconds,13:0.00} {1000 * figure.Microseconds / figure.Bytes,11:0.0} {figure.AllocatedBytes,11} {figure.GoalMicroseconds,9}"));
    }

    private sealed class OnePolicy(AccessPolicy policy) : IPolicySource
    {
        public AccessPolicy Current => policy;
    }
}
