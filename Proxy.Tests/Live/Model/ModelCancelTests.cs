using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>Requests to cancel that race with random sequences of messages: whatever they hit, ledger and server agree on every name afterwards.</summary>
public sealed class ModelCancelTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private DialectHarness _harness = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedServers.PostgresAsync();
        var (behind, _) = await ModelDatabase.CreateAsync(server, schemas: 1);
        _harness = await DialectHarness.StartAsync(server, behind, ModelDatabase.Policy, ModelDatabase.Classifier);
    }

    [OneTimeTearDown]
    public Task End() => _harness.DisposeAsync().AsTask();

    [Test]
    public async Task Random_cancels_leave_ledger_and_server_agreed_on_every_name()
    {
        var count = Proof.Size(sample: 250, full: 5_000);
        var clock = Stopwatch.StartNew();
        var session = new ModelCancelledSession(
            _harness, await _harness.OpenAsync(new KeyValuePair<string, string>("search_path", "w0, public")), new Random(Proof.Seed), Deadline);
        await using var owned = session;
        for (var i = 0; i < count; i++)
        {
            var seed = unchecked((Proof.Seed * 1_000_003) + i);
            var sequence = ModelGenerator.Generate(seed, isSlow: true);
            Assert.That(await session.PlayAsync(sequence), Is.Null, $"sequence {i} of seed {Proof.Seed}:\n{string.Join("\n", sequence)}");
        }

        Assert.That(session.HitCount, Is.Positive, "no request has hit anything");
        Proof.Record("Random cancels", string.Create(CultureInfo.InvariantCulture,
            $"{count} random message sequences, {session.HitCount} statements cancelled in the middle, seed {Proof.Seed}, {clock.Elapsed.TotalSeconds:0} s: names agree"));
        TestContext.Out.WriteLine($"{count} sequences, {session.HitCount} hits in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    [Test]
    public async Task Keys_that_are_not_the_sessions_own_cancel_nothing()
    {
        await using var session = await _harness.OpenAsync();
        var client = new ModelPlayer(session.Client, isGateway: true, Deadline);
        var sleep = PostgresRequests.Query("select pg_sleep(0.2), 'undisturbed'");
        var running = client.PlayAsync(new ModelStep(ModelAction.Barrier, "", sleep, sleep));
        while (!running.IsCompleted)
            await ModelCancels.TryOthersAsync(_harness, session);
        await running;
        Assert.That(client.TakeFrames().Select(frame => frame.Type), Is.EqualTo("TDCZZZ"));
    }
}
