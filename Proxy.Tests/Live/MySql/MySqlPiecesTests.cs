using System.Text;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>COM_STMT_SEND_LONG_DATA: pieces have no reply, so what is wrong with them shows in the execution that they are for.</summary>
public sealed class MySqlPiecesTests
{
    private const int Limit = 4_000;

    private MySqlGatewayHarness _gateway = null!;
    private MySqlWireClient _client = null!;
    private byte[] _id = [];

    [SetUp]
    public async Task Start()
    {
        var server = await SharedServers.MariaDbAsync();
        _gateway = await MySqlGatewayHarness.StartAsync(server, await server.CreateDatabaseAsync("pieces"), limits: new Limits { MessageBytesMax = Limit });
        _client = await MySqlWireClient.OpenAsync(_gateway.Endpoint);
        _id = (await _client.CommandAsync([22, .. "select concat(length(?), ' ', ?)"u8]))[0].Payload[1..5];
    }

    [TearDown]
    public async Task End()
    {
        await _client.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task Pieces_of_one_value_are_joined_in_their_order()
    {
        await SendAsync(0, "one, "u8.ToArray());
        await SendAsync(1, "other"u8.ToArray());
        await SendAsync(0, "two"u8.ToArray());
        Assert.That(RowOf(await ExecuteAsync()), Is.EqualTo("8 other"));
    }

    [TestCase(1, Limit + 100, Description = "in one piece")]
    [TestCase(3, Limit / 2, Description = "together")]
    public async Task More_than_may_be_kept_refuses_the_execution_and_the_next_one_begins_anew(int pieces, int bytes)
    {
        for (var i = 0; i < pieces; i++) await SendAsync((ushort)(i % 2), new byte[bytes]);
        var refused = await ExecuteAsync();
        Assert.That(refused[0].IsError, Is.True);
        Assert.That(refused[0].Message, Does.StartWith("phigate code=statement-too-long"));
        await SendAsync(0, "short"u8.ToArray());
        await SendAsync(1, "again"u8.ToArray());
        Assert.That(RowOf(await ExecuteAsync()), Is.EqualTo("5 again"));
    }

    [Test]
    public async Task Pieces_that_are_reset_are_forgotten()
    {
        await SendAsync(0, "forgotten"u8.ToArray());
        Assert.That((await _client.CommandAsync([26, .. _id]))[0].IsOk, Is.True);
        await SendAsync(0, "new"u8.ToArray());
        await SendAsync(1, "one"u8.ToArray());
        Assert.That(RowOf(await ExecuteAsync()), Is.EqualTo("3 one"));
    }

    /// <summary>Has no reply.</summary>
    private Task SendAsync(ushort parameter, byte[] piece) => _client.SendPacketAsync(0, [24, .. _id, .. BitConverter.GetBytes(parameter), .. piece]);

    private Task<IReadOnlyList<MySqlPacket>> ExecuteAsync() => _client.CommandAsync([23, .. _id, 0, 1, 0, 0, 0, 0, 1, 252, 0, 252, 0]);

    /// <summary>The only value, a text.</summary>
    private static string RowOf(IReadOnlyList<MySqlPacket> reply)
    {
        Assert.That(reply[^1].IsError, Is.False, reply[^1].ToString());
        return Encoding.ASCII.GetString(reply[^2].Payload.AsSpan(3));
    }
}
