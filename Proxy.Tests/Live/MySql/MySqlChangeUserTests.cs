using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>COM_CHANGE_USER is a sign-in like the first one: another identity, another session at the server, another session in the record.</summary>
public sealed class MySqlChangeUserTests
{
    private MariaDbServer _server = null!;
    private string _database = "";
    private MySqlGatewayHarness _gateway = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("change_user");
        _gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
    }

    [TearDown]
    public async Task End() => await _gateway.DisposeAsync();

    [Test]
    public async Task The_next_identity_has_a_session_of_its_own_in_the_record()
    {
        await using (var client = await MySqlWireClient.OpenAsync(_gateway.Endpoint))
        {
            await client.QueryAsync("select 'of the first'");
            var reply = await client.ChangeUserAsync(_gateway.Endpoint with { User = "second" });
            Assert.That((reply.IsOk, reply.Sequence), Is.EqualTo((true, 5)), reply.ToString());
            Assert.That((await client.QueryAsync("select 'of the second'"))[^1].IsError, Is.False);
        }

        await _gateway.Journal.DisposeAsync();
        var records = SessionRecords.Read(_gateway.JournalDirectory);
        var sessions = records.OfType<DecodedSessionOpened>().ToDictionary(static opened => opened.SessionId, static opened => opened.Subject);
        Assert.That(sessions.Values, Is.EquivalentTo(new[] { "agent", "second" }));
        Assert.That(
            records.OfType<DecodedIntent>().Select(intent => $"{sessions[intent.SessionId]}: {Encoding.UTF8.GetString(intent.Text)}"),
            Is.EqualTo(new[] { "agent: select 'of the first'", "second: select 'of the second'" }));
        Assert.That(records.OfType<DecodedSessionClosed>().First().Reason, Is.EqualTo("UserChanged"));
    }

    [Test]
    public async Task Nothing_of_the_session_before_survives()
    {
        await using var client = await MySqlWireClient.OpenAsync(_gateway.Endpoint);
        await client.QueryAsync("create temporary table mine (a int)");
        await client.QueryAsync("set @a = 'before'");
        await client.QueryAsync("prepare s from 'select 1'");
        var prepared = await client.CommandAsync([22, .. "select 2"u8]);
        await client.QueryAsync("begin");
        Assert.That(await client.ChangeUserAsync(_gateway.Endpoint with { User = "second" }), Has.Property("IsOk").True);
        Assert.That((await client.QueryAsync("select * from mine"))[0].ErrorNumber, Is.EqualTo(1146));
        Assert.That((await client.QueryAsync("select @a is null"))[^2].Payload, Is.EqualTo("\u00011"u8.ToArray()));
        Assert.That((await client.QueryAsync("execute s"))[0].ErrorNumber, Is.EqualTo(1243));
        Assert.That((await client.CommandAsync([23, .. prepared[0].Payload[1..5], 0, 1, 0, 0, 0]))[0].ErrorNumber, Is.EqualTo(1243));
        Assert.That((await client.QueryAsync("select @@in_transaction"))[^2].Payload, Is.EqualTo("\u00010"u8.ToArray()));
    }

    [Test]
    public async Task A_wrong_token_ends_the_connection_and_the_session_before_is_over()
    {
        await using var client = await MySqlWireClient.OpenAsync(_gateway.Endpoint);
        var reply = await client.ChangeUserAsync(_gateway.Endpoint with { User = "second", Password = "no token" });
        Assert.That(reply, Has.Property("IsError").True.And.Property("ErrorNumber").EqualTo(1045).And.Property("Sequence").EqualTo(5));
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [Test]
    public async Task A_character_set_that_cannot_be_read_is_refused()
    {
        await using var client = await MySqlWireClient.OpenAsync(_gateway.Endpoint);
        var reply = await client.ChangeUserAsync(_gateway.Endpoint, collation: 28);
        Assert.That(reply.Message, Does.StartWith("phigate code=encoding-not-allowed"));
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [Test]
    public async Task A_malformed_command_is_an_error_and_the_session_goes_on()
    {
        await using var client = await MySqlWireClient.OpenAsync(_gateway.Endpoint);
        Assert.That((await client.CommandAsync([17, .. "no end"u8]))[0].IsError, Is.True);
        Assert.That((await client.CommandAsync([14]))[0].IsOk, Is.True);
    }

    [Test]
    public async Task It_can_happen_again_and_again()
    {
        await using var client = await MySqlWireClient.OpenAsync(_gateway.Endpoint);
        for (var i = 0; i < 100; i++)
        {
            Assert.That(await client.ChangeUserAsync(_gateway.Endpoint with { User = $"user {i}" }), Has.Property("IsOk").True);
            Assert.That((await client.QueryAsync("select 1"))[^1].IsError, Is.False);
        }
    }

    [Test]
    public async Task Who_was_somebody_else_before_cannot_be_cancelled_by_that_one()
    {
        await using var client = await MySqlWireClient.OpenAsync(_gateway.Endpoint);
        await using var other = await MySqlWireClient.OpenAsync(_gateway.Endpoint);
        Assert.That(await client.ChangeUserAsync(_gateway.Endpoint with { User = "second" }), Has.Property("IsOk").True);
        Assert.That((await other.QueryAsync($"kill query {client.ThreadId}"))[0].ErrorNumber, Is.EqualTo(1094));
    }
}
