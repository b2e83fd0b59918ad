using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model.MySql;

/// <summary>
/// Random sequences of commands, played through the gateway and at a server without it: the same replies, the same numbers of statements, the same state of
/// the transaction, the same rows written; and nothing ran that was refused.
/// </summary>
public sealed class MySqlModelTests
{
    private const int Workers = 2;
    private MariaDbServer _behind = null!;
    private MariaDbServer _beside = null!;
    private MySqlModelDatabase[] _databases = [];
    private TemporaryDirectory _directory = null!;
    private MappedJournal _journal = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _behind = await MariaDbServer.StartAsync(new MariaDbServerOptions { LogStatements = true });
        _beside = await MariaDbServer.StartAsync();
        _databases = new MySqlModelDatabase[Workers];
        for (var worker = 0; worker < Workers; worker++)
            _databases[worker] = await MySqlModelDatabase.CreateAsync(string.Create(CultureInfo.InvariantCulture, $"model_{worker}"), _behind, _beside);
        _directory = new TemporaryDirectory();
        _journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = _directory.Path, SegmentBytes = 32 << 20, RecordBytesMax = 2 << 20 }, TimeProvider.System, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await _journal.DisposeAsync();
        _directory.Dispose();
        foreach (var database in _databases)
            await database.DisposeAsync();
        await _beside.DisposeAsync();
        await _behind.DisposeAsync();
    }

    [Test]
    public async Task Random_sequences_mean_the_same_to_the_ledger_and_to_the_server()
    {
        // PHIGATE_MODEL_SEQUENCES runs another number than make check and make prove do, and PHIGATE_MODEL_FIRST begins with another than the first.
        var first = Asked("PHIGATE_MODEL_FIRST") ?? 0;
        var count = Asked("PHIGATE_MODEL_SEQUENCES") ?? Proof.Size(sample: 600, full: 20_000);
        var clock = Stopwatch.StartNew();
        var next = first - 1;
        var failure = (string?)null;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var (failed, wrong) = (0, (string?)null);
            await using (var pair = await OpenAsync(worker))
                while (wrong is null && (failed = Interlocked.Increment(ref next)) < first + count && Volatile.Read(ref failure) is null)
                    wrong = await pair.PlayAsync(MySqlModelGenerator.Generate(SeedOf(failed)));

            // The pair is closed by now: a transaction that it left open would keep the rows of the next ones locked.
            if (wrong is not null) Interlocked.CompareExchange(ref failure, await ReproduceAsync(failed, wrong, worker), null);
        })));

        Assert.That(failure, Is.Null, failure);
        var ran = await _behind.ReadStatementLogAsync(MariaDbUser.Native);
        Assert.That(ran, Is.Not.Empty);
        Assert.That(ran.Where(static text => text.Contains("secret", StringComparison.Ordinal)), Is.Empty, "refused, and sent all the same");
        Proof.Record("Ledger against server, MySQL", string.Create(CultureInfo.InvariantCulture,
            $"{count} random sequences of commands, seed {Proof.Seed}, {clock.Elapsed.TotalSeconds:0} s: replies, statement numbers, transaction state and rows agree"));
        TestContext.Out.WriteLine($"{count} sequences in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private static int? Asked(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int SeedOf(int index) => unchecked((Proof.Seed * 1_000_003) + index);

    private async Task<string> ReproduceAsync(int index, string wrong, int worker)
    {
        await TestContext.Progress.WriteLineAsync($"Sequence {index} of seed {Proof.Seed}: {wrong}\nLooking for the shortest sequence that fails.");
        var shortest = await ModelShrinker.ShrinkAsync(MySqlModelGenerator.Generate(SeedOf(index)), async steps => await PlayAloneAsync(steps, worker) is not null);
        var again = await PlayAloneAsync(shortest, worker);
        return $"""
            Sequence {index} of seed {Proof.Seed}: {wrong}

            The whole of it:
            {string.Join("\n", MySqlModelGenerator.Generate(SeedOf(index)))}

            Shortest that fails, in new sessions ({(again is null ? "but not always" : again)}):
            {string.Join("\n", shortest)}
            """;
    }

    private async Task<string?> PlayAloneAsync(IReadOnlyList<MySqlModelStep> steps, int worker)
    {
        await using var pair = await OpenAsync(worker);
        return await pair.PlayAsync(steps);
    }

    private Task<MySqlModelPair> OpenAsync(int worker) => MySqlModelPair.OpenAsync(_databases[worker], _behind, _beside, _journal);
}
