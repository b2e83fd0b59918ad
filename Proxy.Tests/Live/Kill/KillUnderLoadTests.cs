using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary>
/// kill -9 of the data plane at random moments under load, and then the server's own statement log against the recovered journal: whatever ran
/// has its intent there. Every statement is recognisable by a number of its own, in its text or as its parameter.
/// </summary>
public sealed class KillUnderLoadTests
{
    private const string Script = "\\set id random(1, 1000000000000000)\nupdate counters set value = :id where name = 'one';\n";
    private const string Simple = "statement: ";
    private const string Prepared = "execute ";

    /// <summary>How sessions are labelled at the server: id, agent, and no human.</summary>
    private const string ThroughPhiGate = " agent -";

    [Test]
    public async Task Nothing_ran_without_an_intent_in_the_recovered_journal()
    {
        var rounds = Proof.Size(3, 50);
        var random = new Random(Proof.Seed);
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true });
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create table counters(name text, value bigint); insert into counters values ('two', 0); grant all on counters to public");
        using var directory = new TemporaryDirectory();
        var script = directory.Combine("load.sql");
        await File.WriteAllTextAsync(script, Script);
        await using var gateway = new KillableGateway(KillableTarget.Of(server), database);
        for (var round = 0; round < rounds; round++)
        {
            await gateway.StartAsync();
            await using var simple = await LoadAsync(gateway.Endpoint, script, "simple");
            await using var prepared = await LoadAsync(gateway.Endpoint, script, "prepared");
            await Task.Delay(TimeSpan.FromMilliseconds(500 + random.Next(1500)));
            await gateway.KillAsync();
            await simple.WaitForExitAsync(CancellationToken.None);
            await prepared.WaitForExitAsync(CancellationToken.None);
        }

        await gateway.StartAsync(); // Recovers what the last kill left.
        await gateway.StopAsync();
        await server.StopAsync(); // Now its log is whole.
        var recorded = await RecordedStatements.ReadAsync(gateway.JournalDirectory, OnlyParameter);
        var (ran, preparedRan) = (0, 0);
        foreach (var statement in await server.ReadStatementLogAsync())
        {
            if (!statement.ApplicationName.EndsWith(ThroughPhiGate, StringComparison.Ordinal)) continue;
            ran++;
            if (statement.Message.StartsWith(Prepared, StringComparison.Ordinal)) preparedRan++;
            Assert.That(IsRecorded(recorded, statement), $"ran without an intent: {statement.Message} {statement.Detail}");
        }

        Assert.That(recorded.Damages, Is.Empty);
        Assert.That((ran > rounds, preparedRan > rounds), Is.EqualTo((true, true)), $"{ran} statements ran, {preparedRan} of them prepared");
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} kills, seed {Proof.Seed}: {ran:n0} statements in the server's log ({preparedRan:n0} prepared), {recorded.Records:n0} records recovered, none ran without an intent");
        TestContext.Out.WriteLine(figures);
        Proof.Record("kill -9 under load", figures);
    }

    private static bool IsRecorded(RecordedStatements recorded, LoggedStatement statement)
    {
        if (statement.Message.StartsWith(Simple, StringComparison.Ordinal)) return recorded.HasQuery(statement.Message[Simple.Length..]);
        // "execute NAME: TEXT", and in the detail "parameters: $1 = '17'".
        var text = statement.Message[(statement.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        var parameter = statement.Detail.Split('\'') is [_, var value, ..] ? value : "";
        return recorded.HasExecution(text, parameter);
    }

    private static Task<ChildProcess> LoadAsync(ClientEndpoint endpoint, string script, string protocol) => ChildProcess.StartAsync(
        [
            PostgresBinaries.Client("pgbench"), "-n", "-c", "4", "-T", "60", "-M", protocol, "-f", script,
            "-h", endpoint.Host, "-p", endpoint.Port.ToString(CultureInfo.InvariantCulture), "-U", endpoint.User, endpoint.Database,
        ],
        environment: new Dictionary<string, string?>
        {
            ["PGPASSWORD"] = endpoint.Password,
            ["PGSSLMODE"] = "verify-full",
            ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
        });

    /// <summary>As in Bind: int16 number of formats and as many int16, int16 number of values, then length and bytes of each.</summary>
    private static string OnlyParameter(byte[] parameters)
    {
        var values = parameters.AsSpan(2 + (2 * BinaryPrimitives.ReadInt16BigEndian(parameters)));
        return BinaryPrimitives.ReadInt16BigEndian(values) == 1
            ? Encoding.UTF8.GetString(values.Slice(6, BinaryPrimitives.ReadInt32BigEndian(values[2..])))
            : "";
    }
}
