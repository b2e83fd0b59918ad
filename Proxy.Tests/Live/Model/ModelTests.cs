using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>
/// Random sequences of messages, played through the gateway and at a server without it: the same frames, the same names, the same transaction
/// state, the same rows written; and nothing ran that was refused or not recorded first.
/// </summary>
public sealed class ModelTests
{
    private const int Workers = 2;

    /// <summary>A reply that has not come by then never will; looking for the shortest sequence is less patient.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShrinkingDeadline = TimeSpan.FromSeconds(1);
    private PostgresServer _server = null!;
    private DialectHarness _harness = null!;
    private string _behind = "";
    private string _beside = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            LogStatements = true,
            Settings = new Dictionary<string, string> { ["autovacuum"] = "off" },
        });
        (_behind, _beside) = await ModelDatabase.CreateAsync(_server, Workers);
        _harness = await DialectHarness.StartAsync(_server, _behind, ModelDatabase.Policy, ModelDatabase.Classifier);
        _harness.SignalsOnce = true;
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await _harness.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Random_sequences_mean_the_same_to_the_ledger_and_to_the_server()
    {
        // PHIGATE_MODEL_SEQUENCES runs another number than make check and make prove do.
        var count = int.TryParse(Environment.GetEnvironmentVariable("PHIGATE_MODEL_SEQUENCES"), CultureInfo.InvariantCulture, out var asked)
            ? asked : Proof.Size(sample: 1_500, full: 20_000);
        var clock = Stopwatch.StartNew();
        var next = -1;
        var failure = (string?)null;
        var cancelled = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var pair = await ModelPair.OpenAsync(_harness, _server, _beside, worker, Deadline);
            try
            {
                for (var i = Interlocked.Increment(ref next); i < count && Volatile.Read(ref failure) is null; i = Interlocked.Increment(ref next))
                {
                    if (await pair.PlayAsync(ModelGenerator.Generate(SeedOf(i))) is not { } wrong) continue;
                    Interlocked.CompareExchange(ref failure, await ReproduceAsync(i, wrong, worker), null);
                }
            }
            finally
            {
                Interlocked.Add(ref cancelled, pair.CancelCount);
                await pair.DisposeAsync();
            }
        })));
        Assert.That(failure, Is.Null, failure);
        Assert.That(cancelled, Is.Positive);
        await AssertOnlyTheAllowedRanAsync();
        Proof.Record("Ledger against server", string.Create(CultureInfo.InvariantCulture,
            $"{count} random message sequences with {cancelled} cancels, seed {Proof.Seed}, {clock.Elapsed.TotalSeconds:0} s: frames, names, transaction state and rows agree"));
        TestContext.Out.WriteLine($"{count} sequences, {cancelled} cancels in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>The server's own log against the journal: nothing ran that was refused or not recorded first.</summary>
    private async Task AssertOnlyTheAllowedRanAsync()
    {
        await _server.StopAsync();
        var log = (await _server.ReadStatementLogAsync())
            .Where(line => line.Database == _behind && line.User == TestUser.Trust.Name && !line.Message.StartsWith("execute fetch from ", StringComparison.Ordinal))
            .ToList();
        var ran = WithoutRepeats(log).Where(line => !RunsCursor(line)).Select(line => TextOf(line.Message)).CountBy(text => text).ToDictionary();
        var record = ModelRecord.Read(_harness.JournalDirectory);

        Assert.Multiple(() =>
        {
            Assert.That(ran, Is.Not.Empty);
            Assert.That(log.Where(line => line.Message.Contains("secret", StringComparison.Ordinal)), Is.Empty, "refused, and run all the same");
            Assert.That(log.Where(line => !record.Allowed.ContainsKey(TextOf(line.Message))), Is.Empty, "not in the record");
            Assert.That(ran.Where(text => text.Value > record.Allowed.GetValueOrDefault(text.Key)).Select(text => $"{text.Value} × {text.Key}"), Is.Empty,
                "run more often than allowed in the record");
        });
    }

    /// <summary>
    /// A portal that has run to its end is logged once more when it is executed again, before the server says that it cannot be run: the second of
    /// two equal lines of one process counts as that.
    /// </summary>
    private static IEnumerable<LoggedStatement> WithoutRepeats(IEnumerable<LoggedStatement> log)
    {
        var last = new Dictionary<int, string>();
        foreach (var line in log)
        {
            var isRepeat = line.Message.StartsWith("execute ", StringComparison.Ordinal) && last.GetValueOrDefault(line.ProcessId) == line.Message;
            last[line.ProcessId] = line.Message;
            if (!isRepeat) yield return line;
        }
    }

    /// <summary>Execute of a cursor that SQL declared: logged with the text of the DECLARE, whose record it shares.</summary>
    private static bool RunsCursor(LoggedStatement line) =>
        line.Message.StartsWith("execute <unnamed>/", StringComparison.Ordinal) && line.Message.Contains("declare", StringComparison.Ordinal);

    /// <summary>The statement behind <c>statement: </c> or <c>execute name/portal: </c>.</summary>
    private static string TextOf(string message) => message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..];

    private static int SeedOf(int index) => unchecked((Proof.Seed * 1_000_003) + index);

    private async Task<string> ReproduceAsync(int index, string wrong, int worker)
    {
        await TestContext.Progress.WriteLineAsync($"Sequence {index} of seed {Proof.Seed}: {wrong}\nLooking for the shortest sequence that fails.");
        var shortest = await ModelShrinker.ShrinkAsync(ModelGenerator.Generate(SeedOf(index)), async steps => await PlayAloneAsync(steps, worker) is not null);
        var again = await PlayAloneAsync(shortest, worker);
        return $"""
            Sequence {index} of seed {Proof.Seed}: {wrong}

            Shortest that fails, in new sessions ({(again is null ? "but not always" : again)}):
            {string.Join("\n", shortest)}
            """;
    }

    private async Task<string?> PlayAloneAsync(IReadOnlyList<ModelStep> steps, int worker)
    {
        await using var pair = await ModelPair.OpenAsync(_harness, _server, _beside, worker, ShrinkingDeadline);
        return await pair.PlayAsync(steps);
    }
}
