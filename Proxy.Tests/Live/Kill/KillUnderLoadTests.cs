using System.Globalization;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary>
/// kill -9 of the data plane at random moments under load, and then the server's own statement log against the recovered journal: whatever ran
/// has its intent there. Every statement is recognisable by a number of its own, in its text or as its parameter.
/// </summary>
public sealed class KillUnderLoadTests
{
    [Test]
    public async Task Nothing_ran_without_an_intent_in_the_recovered_journal()
    {
        var rounds = Proof.Size(3, 50);
        var random = new Random(Proof.Seed);
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true });
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, PgbenchLoad.Tables);
        using var directory = new TemporaryDirectory();
        await using var gateway = new KillableGateway(KillableTarget.Of(server), database);
        for (var round = 0; round < rounds; round++)
        {
            await gateway.StartAsync();
            await using var simple = await PgbenchLoad.StartAsync(gateway.Endpoint, directory, "simple");
            await using var prepared = await PgbenchLoad.StartAsync(gateway.Endpoint, directory, "prepared");
            await Task.Delay(TimeSpan.FromMilliseconds(500 + random.Next(1500)));
            await gateway.KillAsync();
            await simple.WaitForExitAsync(CancellationToken.None);
            await prepared.WaitForExitAsync(CancellationToken.None);
        }

        await gateway.StartAsync(); // Recovers what the last kill left.
        await gateway.StopAsync();
        await server.StopAsync(); // Now its log is whole.
        var recorded = await RecordedStatements.ReadAsync(gateway.JournalDirectory, ServerLogCheck.OnlyParameter);
        var (ran, preparedRan) = await ServerLogCheck.RunAsync(server, recorded);
        Assert.That(recorded.Damages, Is.Empty);
        Assert.That(await gateway.VerifiedUnknownAsync(), Is.EqualTo(recorded.Unknown), "what verify lists as of unknown outcome");
        Assert.That((ran > rounds, preparedRan > rounds), Is.EqualTo((true, true)), $"{ran} statements ran, {preparedRan} of them prepared");
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} kills, seed {Proof.Seed}: {ran:n0} statements in the server's log ({preparedRan:n0} prepared), {recorded.Records:n0} records recovered, none ran without an intent, {recorded.Unknown.Count:n0} of unknown outcome, all listed by verify");
        TestContext.Out.WriteLine(figures);
        Proof.Record("kill -9 under load", figures);
    }
}
