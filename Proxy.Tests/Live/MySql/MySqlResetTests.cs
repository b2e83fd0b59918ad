using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>Pools send COM_RESET_CONNECTION together with the first command of the next user: that one finds a session that is as new, and as much under the rules.</summary>
public sealed class MySqlResetTests
{
    private const string Canary = "912-57-3461";

    private static readonly byte[] Reset = MySqlWireClient.Packet(0, [31]);

    private MySqlJudgedGateway _judged = null!;
    private MySqlWireClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync("resets");
        await server.ExecuteAsync(database, $"create table patients (id int primary key, ssn varchar(11)); insert into patients values (1, '{Canary}'); create table wards (name varchar(11)); insert into wards values ('Oncology')");
        _judged = await MySqlJudgedGateway.StartAsync(
            server, database, new NamedColumns(new Dictionary<string, IdentifierClass> { ["ssn"] = IdentifierClass.SocialSecurityNumber }));
        _client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
    }

    [TearDown]
    public async Task End()
    {
        await _client.DisposeAsync();
        await _judged.DisposeAsync();
    }

    [Test]
    public async Task A_command_sent_together_with_it_is_read_by_the_settings_of_a_new_session()
    {
        await _client.QueryAsync("set names latin1");
        var before = Text(await _client.QueryAsync("select @@sql_mode, @@collation_connection"));
        await _client.SendAsync((byte[])[.. Reset, .. Query("select @@sql_mode, @@character_set_client, 'it\\'s'"), .. Query("select ssn from patients")]);
        Assert.That((await _client.ReplyAsync(31, deprecatesEof: false))[0], Has.Property("IsOk").True.And.Property("Sequence").EqualTo(1));
        var settings = await _client.ReplyAsync(3, deprecatesEof: false);
        Assert.That(settings[0].Sequence, Is.EqualTo(1));
        Assert.That(Text(settings), Does.Contain("utf8mb4").And.Contain("it's"), before);
        Assert.That(Text(await _client.ReplyAsync(3, deprecatesEof: false)), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task What_the_session_had_made_of_a_name_is_gone_for_the_command_behind_it()
    {
        await _client.QueryAsync("create temporary table wards as select ssn as name from patients");
        Assert.That(Text(await _client.QueryAsync("select name from wards")), Does.Not.Contain(Canary));
        await _client.SendAsync((byte[])[.. Reset, .. Query("select name from wards")]);
        await _client.ReplyAsync(31, deprecatesEof: false);
        Assert.That(Text(await _client.ReplyAsync(3, deprecatesEof: false)), Does.Contain("Oncology"));
    }

    [Test]
    public async Task A_statement_that_was_prepared_before_is_unknown_to_the_command_behind_it()
    {
        var id = (await _client.CommandAsync([22, .. "select name from wards"u8]))[0].Payload[1..5];
        await _client.SendAsync((byte[])[.. Reset, .. MySqlWireClient.Packet(0, [23, .. id, 0, 1, 0, 0, 0])]);
        await _client.ReplyAsync(31, deprecatesEof: false);
        Assert.That((await _client.ReplyAsync(23, deprecatesEof: false))[0], Has.Property("ErrorNumber").EqualTo(1243));
    }

    private static byte[] Query(string text) => MySqlWireClient.Packet(0, [3, .. Encoding.UTF8.GetBytes(text)]);

    private static string Text(IEnumerable<MySqlPacket> packets) => string.Join('\n', packets.Select(static packet => Encoding.Latin1.GetString(packet.Payload)));
}
