using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary>With `replicated` and without the replica: nobody's statements run, everybody is told, and nothing has to be done by hand afterwards.</summary>
public sealed class LostReplicaTests
{
    [Test]
    public async Task A_live_session_is_refused_while_the_replica_is_away_and_goes_on_when_it_is_back()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true });
        var database = await server.CreateDatabaseAsync();
        await using var replica = new ReplicaProcess();
        await replica.StartAsync();
        await using var gateway = new KillableGateway(KillableTarget.Of(server), database, replica.JournalKeys);
        await gateway.StartAsync();
        await using var live = await WireClient.OpenAsync(gateway.Endpoint);
        var before = await AnswerAsync(live, "select 'ran before'");
        Assert.That(await replica.StopAsync(), Is.Zero);

        await Eventually.IsTrueAsync(async () => await AnswerAsync(live, "select 1") == "58030", "statements are refused");
        var meanwhile = await AnswerAsync(live, "select 'ran meanwhile'");
        Assert.That(
            async () => await WireClient.OpenAsync(gateway.Endpoint), Throws.InvalidOperationException.With.Message.Contains("58030"), "nobody signs in");

        await replica.StartAsync();
        await Eventually.IsTrueAsync(async () => await AnswerAsync(live, "select 1") == "rows", "the session goes on");
        Assert.That((before, meanwhile, await AnswerAsync(live, "select 'ran after'")), Is.EqualTo(("rows", "58030", "rows")));
        await server.StopAsync();
        var ran = (await server.ReadStatementLogAsync()).Select(statement => statement.Message).Where(message => message.Contains("ran ", StringComparison.Ordinal));
        Assert.That(ran, Is.EqualTo(new[] { "statement: select 'ran before'", "statement: select 'ran after'" }));
    }

    /// <summary>The SQLSTATE of a refusal, or that there were rows.</summary>
    private static async Task<string> AnswerAsync(WireClient client, string text)
    {
        var replies = await client.QueryAsync(text);
        return replies.FirstOrDefault(reply => reply.Type == WireFrame.ErrorResponse)?.Field('C') ?? "rows";
    }
}
