using MySqlConnector;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>Clients sign in by a token inside TLS, whatever account PhiGate uses at the server.</summary>
public sealed class MySqlSignInTests
{
    private MariaDbServer _server = null!;
    private string _database = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("signin");
    }

    [Test]
    public async Task MySqlConnector_signs_in_by_token_and_reads_rows([Values("native_user", "ed25519_user")] string user)
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database, user: MariaDbUser.All.Single(known => known.Name == user));
        await using var connection = new MySqlConnection(gateway.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand("select 40 + 2, user()", connection);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.That(await reader.ReadAsync(), Is.True);
        Assert.That(reader.GetInt32(0), Is.EqualTo(42));
        Assert.That(reader.GetString(1), Does.StartWith(user));
    }

    [Test]
    public async Task The_mariadb_client_signs_in_by_token_and_prints_rows()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        var result = await MariaDbClient.RunAsync(gateway.Endpoint, "select 'printed' as word; select 2;");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Is.EqualTo("word\nprinted\n2\n2\n"));
    }

    [Test]
    public async Task A_wrong_token_is_refused_with_access_denied()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(gateway.ConnectionString) { Password = "another" }.ConnectionString);
        Assert.That(connection.OpenAsync, Throws.InstanceOf<MySqlException>()
            .With.Property("Number").EqualTo(1045).And.Message.Contains("phigate code=sign-in-failed retry=no"));
    }

    [Test]
    public async Task The_zero_at_the_end_of_the_secret_may_be_left_out([Values] bool endsSecret)
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.ConnectAsync("127.0.0.1", gateway.Endpoint.Port);
        client.EndsSecret = endsSecret;
        await client.LogInAsync(gateway.Endpoint);
        Assert.That(client.LoginReply.IsOk, Is.True, client.LoginReply.ToString());
    }

    [Test]
    public async Task A_client_without_TLS_is_refused_before_it_is_asked_for_a_secret()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.ConnectAsync("127.0.0.1", gateway.Endpoint.Port);
        await client.SendPacketAsync(1, [.. BitConverter.GetBytes(MySqlWireClient.PlainCapabilities), .. new byte[28], .. "agent"u8, 0, 0, .. "db"u8, 0, 0]);
        var reply = await client.ReceiveAsync();
        Assert.That(reply, Has.Property("IsError").True.And.Property("Sequence").EqualTo(2));
        Assert.That(reply!.ErrorNumber, Is.EqualTo(3159));
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [Test]
    public async Task The_greeting_repeats_what_the_target_says_with_a_thread_id_of_our_own()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var through = await MySqlWireClient.ConnectAsync("127.0.0.1", gateway.Endpoint.Port);
        await using var direct = await MySqlWireClient.ConnectAsync("127.0.0.1", _server.Port);
        var end = Array.IndexOf(direct.Greeting.Payload, (byte)0);
        Assert.That(through.Greeting.Payload[..end], Is.EqualTo(direct.Greeting.Payload[..end]), "protocol and version");
        const int UpToCollation = 1 + 4 + 8 + 1 + 2; // The end of the version, thread id, half the scramble and its end, half the capabilities.
        Assert.That(through.Greeting.Payload[end + UpToCollation], Is.EqualTo(direct.Greeting.Payload[end + UpToCollation]), "collation");
        Assert.That(through.ThreadId, Is.Not.EqualTo(direct.ThreadId).And.GreaterThan(0x4000_0000u));
    }

    [Test]
    public async Task A_character_set_in_which_a_quote_can_be_part_of_a_character_is_refused([Values(1, 13, 28)] int collation)
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        await using var client = await MySqlWireClient.ConnectAsync("127.0.0.1", gateway.Endpoint.Port);
        await client.LogInAsync(gateway.Endpoint, collation: (byte)collation);
        Assert.That(client.LoginReply.IsError, Is.True);
        Assert.That(client.LoginReply.Message, Does.StartWith("phigate code=encoding-not-allowed"));
    }

    [Test]
    public async Task A_target_that_cannot_be_reached_is_said_in_the_place_of_the_greeting()
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(FreePort.Next(), _database, new LenientFrontEnd(), new LenientJudge(masks: false), limits: new Limits());
        await using var client = await MySqlWireClient.ConnectAsync("127.0.0.1", gateway.Endpoint.Port);
        Assert.That(client.Greeting.IsError, Is.True);
        Assert.That(client.Greeting.Message, Does.StartWith("phigate code=server-unavailable retry=yes"));
    }
}
