using System.Globalization;
using NUnit.Framework;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Verification;
using Proxy.Host.Evidence;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary>
/// With `replicated`: kill -9 under load, and the journal's directory is gone as well. What the server says it ran has its intent in what survives, the
/// copies that the replica keeps, and each of them verifies.
/// </summary>
public sealed class LostMachineTests
{
    [Test]
    public async Task Nothing_ran_without_an_intent_in_the_surviving_copies()
    {
        var rounds = Proof.Size(2, 20);
        var random = new Random(Proof.Seed);
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true });
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, PgbenchLoad.Tables);
        using var directory = new TemporaryDirectory();
        await using var replica = new ReplicaProcess();
        await replica.StartAsync();
        await using var gateway = new KillableGateway(KillableTarget.Of(server), database, replica.JournalKeys);
        for (var round = 0; round < rounds; round++)
        {
            await gateway.StartAsync();
            await using var simple = await PgbenchLoad.StartAsync(gateway.Endpoint, directory, "simple");
            await using var prepared = await PgbenchLoad.StartAsync(gateway.Endpoint, directory, "prepared");
            await Task.Delay(TimeSpan.FromMilliseconds(500 + random.Next(1500)));
            await gateway.KillAsync();
            Directory.Delete(gateway.JournalDirectory, recursive: true);
            await simple.WaitForExitAsync(CancellationToken.None);
            await prepared.WaitForExitAsync(CancellationToken.None);
        }

        Assert.That(await replica.StopAsync(), Is.Zero);
        await server.StopAsync(); // Now its log is whole.
        var keys = JournalKeyDirectory.DefaultFor(gateway.JournalDirectory);
        var recorded = await RecordedStatements.ReadAsync(replica.Copies(), keys, ServerLogCheck.OnlyParameter);
        var (ran, preparedRan) = await ServerLogCheck.RunAsync(server, recorded);
        using var key = HeadVerificationKey.FromPem(await File.ReadAllTextAsync(JournalKeyDirectory.PublicKeyPath(keys)));
        Assert.That(
            replica.Copies().SelectMany(copy => JournalVerifier.Run(copy, [key], [], progress: null, CancellationToken.None).Findings), Is.Empty);

        Assert.That((replica.Copies().Length, recorded.Damages.Count), Is.EqualTo((rounds, 0)));
        Assert.That((ran > rounds, preparedRan > rounds), Is.EqualTo((true, true)), $"{ran} statements ran, {preparedRan} of them prepared");
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} machines lost with their disks, seed {Proof.Seed}: {ran:n0} statements in the server's log ({preparedRan:n0} prepared), {recorded.Records:n0} records in the surviving copies, none ran without an intent");
        TestContext.Out.WriteLine(figures);
        Proof.Record("kill -9 and the disk gone, replicated", figures);
    }
}
