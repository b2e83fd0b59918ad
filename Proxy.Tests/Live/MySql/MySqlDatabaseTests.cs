using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>USE and COM_INIT_DB go to the databases that the target has, and names mean there what they mean to the server.</summary>
public sealed class MySqlDatabaseTests
{
    private const string Canary = "912-57-3461";

    private string _first = "";
    private string _second = "";
    private string _third = "";
    private MySqlJudgedGateway _judged = null!;

    [SetUp]
    public async Task Start()
    {
        var server = await SharedServers.MariaDbAsync();
        _first = await server.CreateDatabaseAsync("first");
        _second = await server.CreateDatabaseAsync("second");
        _third = await server.CreateDatabaseAsync("third");
        // The same names, and PHI in one of them only.
        await server.ExecuteAsync(_first, "create table things (id int primary key, word varchar(20)); insert into things values (1, 'harmless')");
        await server.ExecuteAsync(_second, $"create table things (id int primary key, word varchar(20)); insert into things values (1, '{Canary}')");
        await server.ExecuteAsync(_third, "create table things (id int primary key)");
        _judged = await MySqlJudgedGateway.StartAsync(server, _first, new PhiIn(_second), databases: [_second]);
    }

    [TearDown]
    public async Task End() => await _judged.DisposeAsync();

    [Test]
    public async Task A_name_means_the_table_of_the_new_database([Values] bool byCommand)
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
        Assert.That(Text(await client.QueryAsync("select word from things")), Does.Contain("harmless"));
        Assert.That((await GoAsync(client, _second, byCommand))[0], Has.Property("IsOk").True.And.Property("Sequence").EqualTo(1));
        Assert.That(Text(await client.QueryAsync("select database()")), Does.Contain(_second));
        var masked = await client.QueryAsync("select word from things");
        Assert.That(masked[^1].IsError, Is.False, Text(masked));
        Assert.That(Text(masked), Does.Not.Contain(Canary));
        Assert.That((await GoAsync(client, _first, byCommand))[0].IsOk, Is.True);
        Assert.That(Text(await client.QueryAsync("select word from things")), Does.Contain("harmless"));
    }

    [Test]
    public async Task A_statement_that_was_prepared_in_one_database_does_not_run_in_another([Values] bool byCommand)
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
        await GoAsync(client, _second, byCommand);
        byte[] execute = [23, .. (await client.CommandAsync([22, .. "select concat(word, '!') as word from things"u8]))[0].Payload[1..5], 0, 1, 0, 0, 0];
        await GoAsync(client, _first, byCommand);
        // To the server it still reads the table of the database that it was prepared in, which has PHI.
        var elsewhere = await client.CommandAsync(execute);
        Assert.That(Text(elsewhere), Does.Not.Contain(Canary));
        Assert.That(elsewhere[0].Message, Does.StartWith("phigate code=setting-not-allowed"));
        await GoAsync(client, _second, byCommand);
        var back = await client.CommandAsync(execute);
        Assert.That(Text(back), Does.Not.Contain(Canary));
        Assert.That(back[^1].IsError, Is.False, Text(back));
    }

    [Test]
    public async Task A_reset_leaves_the_session_in_its_database()
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
        await GoAsync(client, _second, byCommand: true);
        Assert.That((await client.CommandAsync([31]))[0].IsOk, Is.True);
        Assert.That(Text(await client.QueryAsync("select database()")), Does.Contain(_second));
        Assert.That(Text(await client.QueryAsync("select concat(word, '!') as word from things")), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task A_temporary_table_is_in_front_of_the_table_of_its_own_database_only()
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
        Assert.That((await client.QueryAsync("create temporary table things as select 'made' as word"))[0].IsOk, Is.True);
        Assert.That(Text(await client.QueryAsync("select word from things")), Does.Contain("made"));
        await GoAsync(client, _second, byCommand: true);
        Assert.That(Text(await client.QueryAsync("select concat(word, '!') as word from things")), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task Commands_sent_behind_it_at_once_are_read_by_the_new_database()
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
        await client.SendAsync((byte[])
            [.. MySqlWireClient.Packet(0, [2, .. Encoding.ASCII.GetBytes(_second)]), .. MySqlWireClient.Packet(0, [3, .. "select word from things"u8])]);
        Assert.That((await client.ReplyAsync(2, deprecatesEof: false))[0].IsOk, Is.True);
        Assert.That(Text(await client.ReplyAsync(3, deprecatesEof: false)), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task A_database_that_the_configuration_does_not_name_is_refused_and_the_session_stays([Values] bool byCommand)
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
        foreach (var name in (string[])[_third, "mysql", "information_schema", "nothing_there", "a`b", "", new string('x', 300)])
        {
            var refused = await GoAsync(client, name, byCommand);
            Assert.That(refused[0].IsError, Is.True, name);
        }

        Assert.That((await GoAsync(client, _third, byCommand))[0].Message, Does.StartWith("phigate code=setting-not-allowed"));
        Assert.That(Text(await client.QueryAsync("select database()")), Does.Contain(_first));
    }

    [Test]
    public async Task Both_forms_are_recorded_as_USE()
    {
        await using (var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint))
        {
            await GoAsync(client, _second, byCommand: true);
            await GoAsync(client, _first, byCommand: false);
        }

        await _judged.Gateway.Journal.DisposeAsync();
        var records = SessionRecords.Read(_judged.Gateway.JournalDirectory);
        Assert.That(
            records.OfType<DecodedIntent>().Select(static intent => Encoding.UTF8.GetString(intent.Text)), Is.EqualTo(new[] { $"USE `{_second}`", $"use `{_first}`" }));
        Assert.That(records.OfType<DecodedOutcome>().Select(static outcome => outcome.Status), Is.EqualTo(new[] { OutcomeStatus.Completed, OutcomeStatus.Completed }));
    }

    private static Task<IReadOnlyList<MySqlPacket>> GoAsync(MySqlWireClient client, string database, bool byCommand) =>
        byCommand ? client.CommandAsync([2, .. Encoding.UTF8.GetBytes(database)]) : client.QueryAsync($"use `{database.Replace("`", "``", StringComparison.Ordinal)}`");

    private static string Text(IEnumerable<MySqlPacket> packets) => string.Join('\n', packets.Select(static packet => Encoding.Latin1.GetString(packet.Payload)));

    private sealed class PhiIn(string database) : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
            schema == database && column == "word" ? IdentifierClass.SocialSecurityNumber : IdentifierClass.NotPhi;
    }
}
