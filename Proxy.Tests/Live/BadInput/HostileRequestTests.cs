using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>Clients that have signed in, and then send what they should not.</summary>
public sealed class HostileRequestTests
{
    private const int MessageBytesMax = 64 << 10;
    private GatewayHarness _gateway = null!;
    private WireClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        var server = await StatementLogServer.Instance;
        _gateway = await GatewayHarness.StartAsync(
            server, await server.CreateDatabaseAsync(), GatewayHarness.ShowEverything, limits: new Limits { MessageBytesMax = MessageBytesMax });
        _client = await WireClient.OpenAsync(_gateway.Endpoint);
    }

    [TearDown]
    public async Task End()
    {
        await _client.DisposeAsync();
        await Answer.NextIsServedAsync(_gateway);
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task A_query_over_the_limit_is_refused_unread_and_the_connection_lives()
    {
        Answer.IsRefusal(await _client.QueryAsync($"select 'over the limit', '{new string('x', MessageBytesMax)}'"), "54000", "statement-too-long");
        await Answer.IsServedAsync(_client);
        Assert.That(await StatementLogServer.ReadAsync(), Does.Not.Contain("over the limit"));
    }

    [Test]
    public async Task A_bind_over_the_limit_is_refused_unread_and_the_connection_lives()
    {
        await _client.SendAsync(
            PostgresRequests.Parse("", "select length($1), 'bind over the limit'"), PostgresRequests.Bind("", "", new string('x', MessageBytesMax)),
            PostgresRequests.Execute(""), PostgresRequests.Sync());
        var frames = await _client.ReceiveUntilReadyAsync();
        Assert.That(string.Concat(frames.Select(frame => frame.Type)), Is.EqualTo("1EZ"));
        Assert.That(frames[1].Field('C'), Is.EqualTo("54000"));
        await Answer.IsServedAsync(_client);
        Assert.That(await StatementLogServer.ReadAsync(), Does.Not.Contain("bind over the limit"));
    }

    [Test]
    public async Task Copy_data_over_the_limit_goes_through()
    {
        await _client.QueryAsync("create table copied(a text)");
        await _client.SendAsync(PostgresRequests.Query("copy copied from stdin"));
        await _client.ReceiveUntilAsync(frame => frame.Type == 'G');
        await _client.SendAsync(
            PostgresRequests.CopyData(Encoding.ASCII.GetBytes(new string('x', 8 * MessageBytesMax) + "\n")), PostgresRequests.CopyDone());
        await _client.ReceiveUntilReadyAsync();
        var frames = await _client.QueryAsync("select length(a) from copied");
        Assert.That(Encoding.ASCII.GetString(frames[1].Body), Does.EndWith((8 * MessageBytesMax).ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [TestCase(-1)]
    [TestCase(0)]
    [TestCase(3)]
    [TestCase(int.MinValue)]
    [TestCase(int.MaxValue)]
    public async Task A_length_that_is_impossible_ends_the_session(int length)
    {
        var header = new byte[5];
        header[0] = (byte)'Q';
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), length);
        await _client.SendAsync(header);
        await Answer.EndsWithFatalAsync(_client, "08P01", "protocol-violation");
    }

    [TestCase('Z')]
    [TestCase('\0')]
    [TestCase('p')]
    public async Task A_message_that_no_client_sends_ends_the_session(char type)
    {
        await _client.SendAsync(new FrameBuilder(type).AddText("x").ToBytes());
        await Answer.EndsWithFatalAsync(_client, "08P01", "protocol-violation");
    }

    [Test]
    public async Task A_query_that_is_cut_off_never_reaches_the_server()
    {
        await _client.SendAsync(PostgresRequests.Query("select 'cut off in the middle', 'second half'").AsMemory(0, 30));
        await _client.DisposeAsync();
        await Answer.NextIsServedAsync(_gateway);
        Assert.That(await StatementLogServer.ReadAsync(), Does.Not.Contain("cut off in the"));
    }

    [TestCase('Q')]
    [TestCase('P')]
    public async Task A_nul_inside_a_text_ends_the_session(char type)
    {
        var frame = new FrameBuilder(type);
        if (type == 'P') frame.AddText("");
        frame.AddText("select 'nul inside'").AddText("select 'behind nul'");
        if (type == 'P') frame.AddInt16(0);
        await _client.SendAsync(frame.ToBytes());
        await Answer.EndsWithFatalAsync(_client, "08P01", "protocol-violation");
        Assert.That(await StatementLogServer.ReadAsync(), Does.Not.Contain("nul inside").And.Not.Contain("behind nul"));
    }

    [TestCase(new byte[] { 0xff })]
    [TestCase(new byte[] { 0xc0, 0x80 }, Description = "an overlong NUL")]
    [TestCase(new byte[] { 0xed, 0xa0, 0x80 }, Description = "half a surrogate pair")]
    [TestCase(new byte[] { 0xe2, 0x82 }, Description = "cut off")]
    public async Task A_text_that_is_not_utf8_is_refused_and_the_connection_lives(byte[] bytes)
    {
        await _client.SendAsync(new FrameBuilder('Q').AddBytes("select 'not text "u8).AddBytes(bytes).AddText("'").ToBytes());
        Answer.IsRefusal(await _client.ReceiveUntilReadyAsync(), "22021", "not-text");
        await _client.SendAsync(
            new FrameBuilder('P').AddText("").AddBytes("select 'not text "u8).AddBytes(bytes).AddText("'").AddInt16(0).ToBytes(), PostgresRequests.Sync());
        Answer.IsRefusal(await _client.ReceiveUntilReadyAsync(), "22021", "not-text");
        await Answer.IsServedAsync(_client);
        Assert.That(await StatementLogServer.ReadAsync(), Does.Not.Contain("not text"));
    }

    [Test]
    public async Task One_that_reads_no_rows_stops_the_server_and_nobody_else()
    {
        await _client.SendAsync(PostgresRequests.Query("select repeat('x', 10000), 'unread' from generate_series(1, 1000000)"));
        await using var observer = await (await StatementLogServer.Instance).OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "select count(*) from pg_stat_activity where query like '%''unread''%' and wait_event = 'ClientWrite' and pid <> pg_backend_pid()", observer);
        while ((long)(await command.ExecuteScalarAsync())! == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        await Answer.NextIsServedAsync(_gateway);
        _client.Reset();
    }
}
