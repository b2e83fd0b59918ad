using NUnit.Framework;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live;

/// <summary>How sessions end: as with a server, a client reads the last word before the end, and what it sent before its goodbye is done.</summary>
public sealed class SessionEndTests
{
    private GatewayHarness _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedServers.PostgresAsync();
        _gateway = await GatewayHarness.StartAsync(server, await server.CreateDatabaseAsync(), GatewayHarness.Masked(MaskProfile.Redacted));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
    }

    [Test]
    public async Task A_client_that_breaks_the_protocol_reads_why_and_then_the_end()
    {
        for (var i = 0; i < Proof.Size(20, 500); i++)
        {
            await using var client = await WireClient.OpenAsync(_gateway.Endpoint);
            await client.SendAsync(new byte[] { (byte)'z', 0, 0, 0, 4 });
            var frames = await client.ReceiveToEndAsync();
            Assert.That(frames.Select(frame => frame.Field('C')), Is.EqualTo((string[])["08P01"]), $"session {i}");
        }
    }

    [Test]
    public async Task A_statement_that_a_goodbye_follows_runs_and_its_outcome_is_recorded()
    {
        var client = await WireClient.OpenAsync(_gateway.Endpoint);
        await client.SendAsync(Joined(PostgresRequests.Query("select 1, pg_sleep(0.2)"), PostgresRequests.Terminate()));
        var frames = await client.ReceiveToEndAsync();
        await client.DisposeAsync();

        Assert.That(frames.Select(frame => frame.Type), Is.EqualTo("TDCZ"));
        Assert.That(Outcomes(), Has.Some.Matches<DecodedOutcome>(outcome => outcome is { Status: OutcomeStatus.Completed, CommandTag: "SELECT 1" }));
    }

    [Test]
    public async Task A_function_that_changes_how_strings_are_read_ends_the_session_and_the_last_word_says_so()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, """
            create function meddle() returns void language plpgsql as
            $$ begin perform set_config('standard_conforming_strings', 'off', false); end $$
            """);
        await using var gateway = await GatewayHarness.StartAsync(server, database, GatewayHarness.ShowEverything);
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await client.SendAsync(PostgresRequests.Query("select meddle()"));
        var last = (await client.ReceiveToEndAsync())[^1];
        Assert.Multiple(() =>
        {
            Assert.That((last.Type, last.Field('S'), last.Field('C')), Is.EqualTo(('E', "FATAL", "55000")));
            Assert.That(last.Field('D'), Does.StartWith("phigate code=session-state-uncertain ").And.Contain("standard_conforming_strings"));
        });
    }

    private List<DecodedOutcome> Outcomes()
    {
        using var reader = new JournalReader(_gateway.JournalDirectory);
        var outcomes = new List<DecodedOutcome>();
        while (reader.Read() is not JournalReadResult.End)
            if (RecordDecoder.Decode(reader.Entry) is DecodedOutcome outcome)
                outcomes.Add(outcome);
        return outcomes;
    }

    private static byte[] Joined(params byte[][] messages) => [.. messages.SelectMany(message => message)];
}
