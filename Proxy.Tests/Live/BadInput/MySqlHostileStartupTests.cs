using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.BadInput;

/// <summary>Clients of the program that have not signed in over MySQL yet: an ERR packet, no session at the server, and the next one is served.</summary>
public sealed class MySqlHostileStartupTests
{
    private PhiGateProcess _gateway = null!;
    private string _database = "";
    private int _sessions;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await LoggedMariaDb.Instance;
        _database = await server.CreateDatabaseAsync("startup");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            MariaDb = server,
            Database = _database,
            Limits = "sign-in-failures-per-minute-per-address-max: 100000",
        });
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
    }

    [SetUp]
    public async Task Count() => _sessions = await LoggedMariaDb.SessionsAsync(_database);

    [TearDown]
    public async Task Nobody_got_to_the_server_and_the_next_one_is_served()
    {
        Assert.That(await LoggedMariaDb.SessionsAsync(_database), Is.EqualTo(_sessions));
        await using var client = await MySqlWireClient.OpenAsync(_gateway.Endpoint());
        Assert.That((await client.CommandAsync([14]))[0].IsOk, Is.True);
    }

    [Test]
    public async Task A_client_without_TLS_is_refused_before_it_is_asked_for_a_secret()
    {
        await using var client = await ConnectAsync();
        await client.SendPacketAsync(1, Response(MySqlWireClient.PlainCapabilities));
        await IsRefusedAsync(client, 2, 3159, "HY000", "phigate code=tls-required retry=no");
    }

    [TestCase(0x20u, Description = "compression")]
    [TestCase(0x200_0000u, Description = "results without definitions")]
    [TestCase(0x400_0000u, Description = "compression by zstd")]
    [TestCase(0x2000_0000u, Description = "unknown to everybody")]
    public async Task A_capability_that_was_not_offered_and_changes_the_bytes_is_refused(uint capability)
    {
        await using var client = await ConnectAsync();
        await client.LogInAsync(_gateway.Endpoint(), MySqlWireClient.PlainCapabilities | capability);
        HostileMySqlClient.IsError(client.LoginReply, 3, 1047, "08S01", "phigate code=protocol-violation retry=no");
        Assert.That(client.LoginReply.Message, Does.Contain($"0x{capability:x}"));
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [TestCase((byte)1, Description = "big5_chinese_ci")]
    [TestCase((byte)84, Description = "big5_bin")]
    [TestCase((byte)13, Description = "sjis_japanese_ci")]
    [TestCase((byte)88, Description = "sjis_bin")]
    [TestCase((byte)95, Description = "cp932_japanese_ci")]
    [TestCase((byte)28, Description = "gbk_chinese_ci")]
    [TestCase((byte)87, Description = "gbk_bin")]
    [TestCase((byte)24, Description = "gb2312_chinese_ci")]
    [TestCase((byte)12, Description = "ujis_japanese_ci")]
    [TestCase((byte)19, Description = "euckr_korean_ci")]
    [TestCase((byte)97, Description = "eucjpms_japanese_ci")]
    [TestCase((byte)35, Description = "ucs2_general_ci")]
    [TestCase((byte)54, Description = "utf16_general_ci")]
    [TestCase((byte)60, Description = "utf32_general_ci")]
    public async Task A_character_set_in_which_a_quote_can_be_part_of_a_character_is_refused(byte collation)
    {
        await using var client = await ConnectAsync();
        await client.LogInAsync(_gateway.Endpoint(), collation: collation);
        HostileMySqlClient.IsError(client.LoginReply, 3, 1235, "42000", "phigate code=encoding-not-allowed retry=no");
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [TestCase("\0")]
    [TestCase("\0and more")]
    [TestCase("\0\0")]
    public async Task A_NUL_in_a_password_makes_it_another_one(string behind)
    {
        await using var client = await ConnectAsync();
        await client.LogInAsync(_gateway.EndpointWith(_gateway.Token() + behind));
        Assert.That(client.LoginReply.IsError, Is.True, client.LoginReply.ToString());
        Assert.That((client.LoginReply.ErrorNumber, client.LoginReply.SqlState), Is.EqualTo((1045, "28000")), client.LoginReply.Message);
    }

    [Test]
    public async Task A_wrong_sequence_number_before_TLS_is_refused()
    {
        await using var client = await ConnectAsync();
        await client.SendPacketAsync(3, Response(MySqlWireClient.PlainCapabilities));
        await IsRefusedAsync(client, 1, 1047, "08S01", "phigate code=protocol-violation retry=no");
    }

    [Test]
    public async Task A_wrong_sequence_number_behind_TLS_is_refused()
    {
        await using var client = await ConnectAsync();
        await client.SendPacketAsync(1, Head(MySqlWireClient.PlainCapabilities));
        await client.EncryptAsync();
        await client.SendPacketAsync(9, Response(MySqlWireClient.PlainCapabilities | 0x800));
        await IsRefusedAsync(client, 2, 1047, "08S01", "phigate code=protocol-violation retry=no");
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(31)]
    [TestCase(32)]
    [TestCase(36)]
    public async Task An_answer_to_the_greeting_that_is_cut_short_is_refused(int length)
    {
        await using var client = await ConnectAsync();
        await client.SendPacketAsync(1, Response(MySqlWireClient.PlainCapabilities).AsSpan(0, length));
        await IsRefusedAsync(client, 2, 1047, "08S01", "phigate code=protocol-violation retry=no");
    }

    [Test]
    public async Task A_client_that_leaves_within_its_first_packet_is_nothing()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(MySqlWireClient.Packet(1, Response(MySqlWireClient.PlainCapabilities)).AsMemory(0, 20));
    }

    private Task<MySqlWireClient> ConnectAsync() => MySqlWireClient.ConnectAsync("127.0.0.1", _gateway.Endpoint().Port);

    private static byte[] Head(uint capabilities) => [.. BitConverter.GetBytes(capabilities | 0x800), .. BitConverter.GetBytes(1 << 30), 45, .. new byte[23]];

    private byte[] Response(uint capabilities) =>
        [.. BitConverter.GetBytes(capabilities), .. BitConverter.GetBytes(1 << 30), 45, .. new byte[23], .. "agent"u8, 0, 0, .. Encoding.UTF8.GetBytes(_database), 0, .. "caching_sha2_password"u8, 0];

    private static async Task IsRefusedAsync(MySqlWireClient client, byte sequence, int number, string state, string message)
    {
        HostileMySqlClient.IsError(await client.ReceiveAsync(), sequence, number, state, message);
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }
}
