using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>A text of several statements under masks: each is decided, recorded and masked as if it were alone, and behind the first error nothing runs.</summary>
public sealed class MySqlSeveralStatementsTests
{
    private const uint Capabilities = MySqlWireClient.PlainCapabilities | MySqlWireClient.SeveralStatements | MySqlWireClient.DeprecateEof;
    private const string Canary = "912-57-3461";

    private MariaDbServer _server = null!;
    private string _database = "";
    private MySqlJudgedGateway _judged = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await MariaDbServer.StartAsync(new MariaDbServerOptions { LogStatements = true });
        _database = await _server.CreateDatabaseAsync("several");
        await _server.ExecuteAsync(_database, $"create table patients (id int primary key, ssn varchar(11)); insert into patients values (1, '{Canary}'), (2, null)");
    }

    [OneTimeTearDown]
    public async Task End() => await _server.DisposeAsync();

    [SetUp]
    public async Task StartGateway() => _judged = await MySqlJudgedGateway.StartAsync(
        _server, _database, new NamedColumns(new Dictionary<string, IdentifierClass> { ["ssn"] = IdentifierClass.SocialSecurityNumber }));

    [TearDown]
    public async Task StopGateway() => await _judged.DisposeAsync();

    [Test]
    public async Task Each_result_is_masked_by_its_own_plan()
    {
        var shown = await AskAsync("select id from patients where id = 1; select ssn, id from patients where id = 1; select 'plain'; select count(*) from patients");
        Assert.That(shown.Select(static packet => packet.Sequence), Is.EqualTo(Enumerable.Range(1, shown.Count).Select(static number => (byte)number)));
        Assert.That(Text(shown), Does.Not.Contain(Canary).And.Contain("plain"));
        Assert.That(shown.Count(static packet => packet.Payload is [0xFE, ..]), Is.EqualTo(4));
    }

    [Test]
    public async Task A_refused_statement_ends_the_text_with_an_error_behind_the_results_before_it_and_nothing_more_reaches_the_server()
    {
        var shown = await AskAsync("select 'first' from patients where id = 1; select id from patients where ssn like '9%'; select 'never' from patients");
        var error = shown[^1];
        Assert.That(error, Has.Property("IsError").True.And.Property("Sequence").EqualTo(shown.Count));
        Assert.That(error.Message, Does.StartWith("phigate code=inference-refused"));
        Assert.That(Text(shown), Does.Contain("first").And.Not.Contain("never"));
        var reached = await _server.ReadStatementLogAsync(MariaDbUser.Native);
        Assert.That(reached, Has.None.Contains("like '9%'").And.None.Contains("'never'"));
    }

    [Test]
    public async Task Each_statement_is_recorded_before_it_runs_and_with_its_own_outcome()
    {
        await AskAsync("select 1; select ssn from patients; select nothing_there; select 'unread'");
        await _judged.Gateway.Journal.DisposeAsync();
        var records = SessionRecords.Read(_judged.Gateway.JournalDirectory);
        var intents = records.OfType<DecodedIntent>().ToList();
        var outcomes = records.OfType<DecodedOutcome>().ToList();
        Assert.That(intents.Select(static intent => Encoding.UTF8.GetString(intent.Text)), Is.EqualTo(new[] { "select 1", "select ssn from patients", "select nothing_there" }));
        Assert.That(outcomes.Select(static outcome => (outcome.Status, outcome.Rows)), Is.EqualTo(new[] { (OutcomeStatus.Completed, 1L), (OutcomeStatus.Completed, 2L) }).Or.EqualTo(
            new[] { (OutcomeStatus.Completed, 1L), (OutcomeStatus.Completed, 2L), (OutcomeStatus.Failed, 0L) }));
    }

    [Test]
    public async Task What_a_statement_does_is_known_to_those_behind_it()
    {
        var shown = await AskAsync("create temporary table copied as select ssn as harmless from patients; select harmless from copied; drop temporary table copied");
        Assert.That(shown, Has.None.Property("IsError").True, Text(shown));
        Assert.That(Text(shown), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task Warnings_of_PHI_in_the_middle_of_a_text_are_none_and_the_rest_follows()
    {
        var shown = await AskAsync("select cast(ssn as signed) is null from patients; show warnings; select 'after'");
        Assert.That(Text(shown), Does.Not.Contain(Canary).And.Not.Contain("912"));
        Assert.That(shown.Select(static packet => (int)packet.Sequence), Is.EqualTo(Enumerable.Range(1, shown.Count)));
    }

    [Test]
    public async Task The_session_goes_on_behind_a_text_that_failed()
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint, Capabilities);
        await client.QueryAsync("select 1; selekt; select 2", Capabilities);
        var reply = await client.QueryAsync("select 'alive'; select 'still'", Capabilities);
        Assert.That(Text(reply), Does.Contain("alive").And.Contain("still"));
        Assert.That(reply[0].Sequence, Is.EqualTo(1));
    }

    [Test]
    public async Task Commands_sent_behind_the_text_wait_for_all_of_it()
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint, Capabilities);
        await client.SendAsync((byte[])[.. MySqlWireClient.Packet(0, [3, .. "select 1; select 2"u8]), .. MySqlWireClient.Packet(0, [14]), .. MySqlWireClient.Packet(0, [3, .. "select 3; select 4"u8])]);
        Assert.That((await client.ReplyAsync(3, deprecatesEof: true)).Count, Is.EqualTo(8));
        Assert.That((await client.ReplyAsync(14, deprecatesEof: true))[0], Has.Property("IsOk").True.And.Property("Sequence").EqualTo(1));
        Assert.That((await client.ReplyAsync(3, deprecatesEof: true)).Count, Is.EqualTo(8));
    }

    [Test]
    public async Task Where_the_rules_want_one_statement_in_a_text_nothing_of_several_runs_and_no_option_changes_that()
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint with { User = MySqlGatewayHarness.OneStatementUser }, Capabilities);
        var option = await client.CommandAsync([27, 0, 0], Capabilities);
        var several = await client.QueryAsync("select 'never sent'; select 2", Capabilities);
        var one = await client.QueryAsync("select 'alone';", Capabilities);
        var reached = await _server.ReadStatementLogAsync(MariaDbUser.Native);
        Assert.Multiple(() =>
        {
            Assert.That(option[0].Message, Does.StartWith("phigate code=multi-statement-refused"));
            Assert.That(several, Has.Count.EqualTo(1));
            Assert.That(several[0].Message, Does.StartWith("phigate code=multi-statement-refused"));
            Assert.That(Text(one), Does.Contain("alone"));
            Assert.That(reached, Has.None.Contains("never sent"));
        });
    }

    private static string Text(IEnumerable<MySqlPacket> packets) => string.Join('\n', packets.Select(static packet => Encoding.Latin1.GetString(packet.Payload)));

    private async Task<IReadOnlyList<MySqlPacket>> AskAsync(string text)
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint, Capabilities);
        return await client.QueryAsync(text, Capabilities);
    }
}
