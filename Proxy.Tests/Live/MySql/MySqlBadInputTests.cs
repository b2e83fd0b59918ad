using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql.MySql;
using Proxy.Protocols;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>What a client gets that sends what it should not: an error in its place, nothing forwarded, and, where the protocol lets it, a session that goes on.</summary>
public sealed class MySqlBadInputTests
{
    private MariaDbServer _server = null!;
    private string _database = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("bad");
    }

    private static readonly byte[][] Refused =
    [
        [4, .. "t"u8, 0], [5, .. "d"u8], [6, .. "d"u8], [7, 1], [8, 0], [9], [10], [11], [12, 1, 0, 0, 0], [13], [15], [16], [18, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0], [19], [20], [21],
        [29], [30], [32], [33], [250, 1, 0, 0, 0, 0, 0], [254], [255],
    ];

    [TestCaseSource(nameof(Refused))]
    public async Task A_command_that_is_not_on_the_list_is_refused_and_the_session_goes_on(byte[] command)
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        var reply = await client.CommandAsync(command);
        Assert.That(reply, Has.Count.EqualTo(1));
        Assert.That(reply[0], Has.Property("IsError").True.And.Property("Sequence").EqualTo(1).And.Property("SqlState").EqualTo("42000"));
        Assert.That(reply[0].Message, Does.StartWith("phigate code=statement-kind retry=no"));
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task An_empty_command_packet_is_refused_and_the_session_goes_on()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        await client.SendPacketAsync(0, []);
        Assert.That(await client.ReceiveAsync(), Has.Property("IsError").True.And.Property("Sequence").EqualTo(1).And.Property("SqlState").EqualTo("08S01"));
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task A_packet_out_of_order_ends_the_session_with_the_servers_error()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        await client.SendPacketAsync(3, [14]);
        var reply = await client.ReceiveAsync();
        Assert.That(reply, Has.Property("IsError").True.And.Property("ErrorNumber").EqualTo(1156));
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [Test]
    public async Task A_truncated_packet_reaches_nobody()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using (var client = await MySqlWireClient.OpenAsync(gateway.Endpoint))
            await client.SendAsync(MySqlWireClient.Packet(0, [3, .. "create table truncated (id int)"u8]).AsMemory(0, 20));
        Assert.That(await TablesAsync(), Has.None.EqualTo("truncated"));
    }

    [TestCase((byte)23, "mysqld_stmt_execute")]
    [TestCase((byte)28, "mysqld_stmt_fetch")]
    [TestCase((byte)26, "mysqld_stmt_reset")]
    public async Task A_statement_that_does_not_exist_is_unknown_without_the_server(byte command, string name)
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        byte[] payload = command switch { 23 => [23, 9, 0, 0, 0, 0, 1, 0, 0, 0], 28 => [28, 9, 0, 0, 0, 1, 0, 0, 0], _ => [26, 9, 0, 0, 0] };
        await client.SendPacketAsync(0, payload);
        var reply = await client.ReceiveAsync();
        Assert.That(reply, Has.Property("IsError").True.And.Property("Sequence").EqualTo(1).And.Property("ErrorNumber").EqualTo(1243));
        Assert.That(reply!.Message, Is.EqualTo($"Unknown prepared statement handler (9) given to {name}"));
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task More_parameters_than_were_prepared_are_wrong_arguments_without_the_server()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        var prepared = await client.CommandAsync([22, .. "select ?"u8]);
        var id = prepared[0].Payload[1..5];
        var before = await CountStatementsAsync();
        // One parameter was prepared; two types and values come.
        var reply = await client.CommandAsync([23, .. id, 0, 1, 0, 0, 0, 0, 1, 8, 0, 8, 0, .. new byte[16]]);
        Assert.That(reply[0], Has.Property("IsError").True.And.Property("ErrorNumber").EqualTo(1210));
        Assert.That(await CountStatementsAsync(), Is.EqualTo(before));
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task Two_statements_in_one_text_are_refused_where_the_client_has_not_asked_for_that()
    {
        var reader = new MySqlFrontEnd(new MySqlFrontEndOptions()).For(MySqlReadSettings.Default);
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server.Port, _database, reader, new LenientJudge(masks: false));
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        var reply = await client.QueryAsync("select 1; create table second (id int)");
        Assert.That(reply[0].Message, Does.StartWith("phigate code=multi-statement-refused"));
        Assert.That(await TablesAsync(), Has.None.EqualTo("second"));
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task A_text_that_is_refused_never_reaches_the_server_and_the_session_goes_on()
    {
        var judge = new LenientJudge(masks: false) { RefusesAll = true };
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server.Port, _database, new LenientFrontEnd(), judge);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        var reply = await client.QueryAsync("create table refused (id int)");
        Assert.That(reply[0], Has.Property("IsError").True.And.Property("Sequence").EqualTo(1));
        Assert.That(reply[0].Message, Does.StartWith("phigate code=statement-opaque retry=no").And.EndsWith("why=the test says so"));
        Assert.That(await TablesAsync(), Has.None.EqualTo("refused"));
        judge.RefusesAll = false;
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task The_same_refusal_again_and_again_ends_the_session()
    {
        var judge = new LenientJudge(masks: false) { RefusesAll = true };
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server.Port, _database, new LenientFrontEnd(), judge, limits: new Limits { RepeatedRefusalsMax = 3 });
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        for (var i = 0; i < 3; i++)
            Assert.That((await client.QueryAsync("select 1"))[0].Message, Does.StartWith("phigate code=statement-opaque"));
        Assert.That((await client.ReceiveAsync())?.Message, Does.StartWith("phigate code=too-many-refusals"));
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [Test]
    public async Task A_statement_that_runs_in_between_begins_the_count_anew()
    {
        var judge = new LenientJudge(masks: false);
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server.Port, _database, new LenientFrontEnd(), judge, limits: new Limits { RepeatedRefusalsMax = 3 });
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        for (var i = 0; i < 8; i++)
        {
            judge.RefusesAll = i % 2 == 0;
            await client.QueryAsync("select 1");
        }

        await AssertAliveAsync(client);
    }

    [Test]
    public async Task Of_a_text_that_nobody_can_read_the_servers_own_error_is_shown_and_nothing_runs()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        var reply = await client.QueryAsync("selekt unreadable");
        Assert.That(reply[0], Has.Property("ErrorNumber").EqualTo(1064));
        var accepted = await client.QueryAsync("create table unreadable (id int)");
        Assert.That(accepted[0].Message, Does.StartWith("phigate code=statement-opaque"));
        Assert.That(await TablesAsync(), Has.None.EqualTo("unreadable"));
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task A_server_that_asks_for_a_file_gets_none_and_the_session_ends()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint, MySqlWireClient.PlainCapabilities | 0x80);
        // The server is never told that files can be had, so it refuses.
        var reply = await client.QueryAsync("load data local infile '/etc/passwd' into table t");
        Assert.That(reply[0].IsError, Is.True);
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task A_command_over_the_limit_is_refused_and_the_session_goes_on()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database, limits: new Limits { MessageBytesMax = 100_000 });
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        var reply = await client.CommandAsync([3, .. Encoding.ASCII.GetBytes("select '" + new string('x', 150_000) + "'")]);
        Assert.That(reply[0], Has.Property("IsError").True.And.Property("Sequence").EqualTo(1));
        Assert.That(reply[0].Message, Does.StartWith("phigate code=statement-too-long"));
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task Text_that_is_no_ASCII_is_refused_in_a_session_of_one_byte_a_character()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint, collation: 8);
        var reply = await client.CommandAsync([3, .. "select '"u8, 0xE9, .. "'"u8]);
        Assert.That(reply[0].Message, Does.StartWith("phigate code=not-text"));
        await AssertAliveAsync(client);
    }

    [Test]
    public async Task What_cannot_be_recorded_is_not_run()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        await gateway.Journal.DisposeAsync();
        var reply = await client.QueryAsync("create table unrecorded (id int)");
        Assert.That(reply[0].Message, Does.StartWith("phigate code=journal-unavailable retry=yes"));
        Assert.That(await TablesAsync(), Has.None.EqualTo("unrecorded"));
    }

    private static async Task AssertAliveAsync(MySqlWireClient client)
    {
        var reply = await client.CommandAsync([14]);
        Assert.That(reply, Has.Count.EqualTo(1));
        Assert.That(reply[0], Has.Property("IsOk").True.And.Property("Sequence").EqualTo(1));
    }

    private async Task<IReadOnlyList<string>> TablesAsync()
    {
        await using var connection = await _server.OpenAsync(_database);
        await using var command = new MySqlConnector.MySqlCommand("show tables", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }

    private async Task<string> CountStatementsAsync()
    {
        await using var connection = await _server.OpenAsync(_database);
        await using var command = new MySqlConnector.MySqlCommand("show global status like 'Com_stmt_execute'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetString(1);
    }
}
