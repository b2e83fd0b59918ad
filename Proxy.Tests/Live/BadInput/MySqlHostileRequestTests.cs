using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.BadInput;

/// <summary>
/// Clients of the program that have signed in over MySQL, may do everything, and then send what they should not: an ERR packet in its place, nothing
/// forwarded, and, where the protocol lets it, a session that goes on.
/// </summary>
public sealed class MySqlHostileRequestTests
{
    private const byte Query = 3, Prepare = 22;

    /// <summary>Those that mean something here; every other one is refused.</summary>
    private static readonly byte[] Listed = [1, 2, 3, 14, 17, 22, 23, 24, 25, 26, 27, 28, 31];

    private PhiGateProcess _gateway = null!;
    private HostileMySqlClient _session = null!;

    private MySqlWireClient Client => _session.Client;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await LoggedMariaDb.Instance;
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { MariaDb = server, Database = await server.CreateDatabaseAsync("requests") });
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
    }

    [SetUp]
    public async Task Open() => _session = await HostileMySqlClient.OpenAsync(_gateway, MySqlWireClient.PlainCapabilities | MySqlWireClient.SeveralStatements);

    [TearDown]
    public async Task Close() => await _session.DisposeAsync();

    /// <summary>In parts, since so many refusals in one session end it.</summary>
    [TestCase(0)]
    [TestCase(64)]
    [TestCase(128)]
    [TestCase(192)]
    public async Task An_unknown_command_is_refused(int first)
    {
        foreach (var command in Enumerable.Range(first, 64).Select(static code => (byte)code).Except(Listed))
            await _session.IsRefusedAsync([command, 1, 0, 0, 0], 1227, "42000", "phigate code=statement-kind retry=no");
        await _session.HasForwardedNothingAndLivesAsync();
    }

    [Test]
    public async Task An_empty_command_packet_is_refused()
    {
        await Client.SendPacketAsync(0, []);
        HostileMySqlClient.IsError(await Client.ReceiveAsync(), 1, 1047, "08S01", "phigate code=protocol-violation retry=no");
        await _session.HasForwardedNothingAndLivesAsync();
    }

    [TestCase("select 'a\0b'", Description = "in a string")]
    [TestCase("select 1 as `a\0b`", Description = "in a name")]
    [TestCase("select '', \"a\0\"", Description = "at the end of a string")]
    [TestCase("select 1\0", Description = "at the end")]
    [TestCase("\0select 1", Description = "at the beginning")]
    [TestCase("select\01", Description = "between words")]
    [TestCase("select 1 /* \0 */", Description = "in a comment")]
    [TestCase("select 1 -- \0\n", Description = "in a comment to the end of the line")]
    [TestCase("select 1; select '\0'", Description = "in the second statement")]
    [TestCase("kill query 5\0", Description = "in what PhiGate translates")]
    public async Task A_NUL_in_a_text_is_refused(string text)
    {
        foreach (var command in (byte[])[Query, Prepare])
            await _session.IsRefusedAsync([command, .. Encoding.UTF8.GetBytes(text)], 1300, "HY000", "phigate code=not-text retry=no");
        await _session.HasForwardedNothingAndLivesAsync();
    }

    [Test]
    public async Task A_NUL_in_the_name_of_a_database_is_refused()
    {
        await _session.IsRefusedAsync([2, .. Encoding.UTF8.GetBytes(_gateway.Endpoint().Database), 0, .. "x"u8], 1300, "HY000", "phigate code=not-text retry=no");
        await _session.HasForwardedNothingAndLivesAsync();
    }

    [TestCase(new byte[] { 0xBF, 0x5C, 0x27 }, Description = "GBK: a character, and a quote that ends the string")]
    [TestCase(new byte[] { 0x83, 0x5C, 0x27 }, Description = "SJIS: the same")]
    [TestCase(new byte[] { 0xA5, 0x5C, 0x27 }, Description = "BIG5: the same")]
    [TestCase(new byte[] { 0xC0, 0xA7 }, Description = "an overlong quote")]
    [TestCase(new byte[] { 0xED, 0xA0, 0x80 }, Description = "half a surrogate pair")]
    [TestCase(new byte[] { 0xE2, 0x82 }, Description = "cut off")]
    public async Task A_text_of_another_character_set_is_refused(byte[] bytes)
    {
        foreach (var command in (byte[])[Query, Prepare])
            await _session.IsRefusedAsync([command, .. "select '"u8, .. bytes, .. " or 1=1 -- '"u8], 1300, "HY000", "phigate code=not-text retry=no");
        await _session.HasForwardedNothingAndLivesAsync();
    }

    [TestCase("set names gbk")]
    [TestCase("set names 'sjis'")]
    [TestCase("set names big5 collate big5_bin")]
    [TestCase("set character set gbk")]
    [TestCase("set character_set_client = gbk")]
    [TestCase("set @@session.character_set_client = sjis")]
    [TestCase("set @@character_set_connection = big5")]
    [TestCase("set character set utf8mb4", Description = "to the database's for what PREPARE reads")]
    [TestCase("set collation_connection = gbk_chinese_ci")]
    [TestCase("set @@collation_connection = 28")]
    [TestCase("set session collation_connection = default")]
    [TestCase("/*!40101 set names gbk */")]
    [TestCase("set @a = 1, names gbk")]
    [TestCase("prepare s from 'set names gbk'")]
    [TestCase("select 1; set names gbk; select 2")]
    [TestCase("set sql_mode = 'ANSI_QUOTES'")]
    [TestCase("set sql_mode = NO_BACKSLASH_ESCAPES")]
    [TestCase("set session sql_mode = 'STRICT_TRANS_TABLES,ANSI_QUOTES'")]
    [TestCase("set @@sql_mode = 4")]
    [TestCase("set sql_mode = 0x100000")]
    [TestCase("set sql_mode = ANSI")]
    [TestCase("set sql_mode = (select 'ANSI_QUOTES')")]
    [TestCase("set sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')")]
    [TestCase("set global sql_mode = 'ANSI_QUOTES'")]
    [TestCase("set statement sql_mode = 'ANSI_QUOTES' for select \"x\"")]
    public async Task What_would_change_how_texts_are_read_is_refused(string text)
    {
        var reply = await Client.QueryAsync(text);
        Assert.That(reply[^1].IsError, Is.True, string.Join(", ", reply));
        Assert.That(reply[^1].Message, Does.StartWith("phigate code="));
        Assert.That((await Client.QueryAsync("select 'it\\'s', \"text\", @@character_set_client"))[^2].Payload, Is.EqualTo("\u0004it's\u0004text\u0007utf8mb4"u8.ToArray()));
    }

    [Test]
    public async Task A_truncated_packet_reaches_nobody()
    {
        await Client.SendAsync(MySqlWireClient.Packet(0, [Query, .. "create table truncated (id int)"u8]).AsMemory(0, 30));
        await Client.DisposeAsync();
        await _session.HasForwardedNothingAndEndsAsync();
    }

    [TestCase((byte)1)]
    [TestCase((byte)2)]
    [TestCase((byte)255)]
    public async Task A_wrong_sequence_number_ends_the_session(byte sequence)
    {
        await Client.SendPacketAsync(sequence, [Query, .. "select 'out of order'"u8]);
        HostileMySqlClient.IsError(await Client.ReceiveAsync(), 1, 1156, "08S01", "Got packets out of order");
        Assert.That(await Client.ReceiveAsync(), Is.Null);
        await _session.HasForwardedNothingAndEndsAsync();
    }

    [Test]
    public async Task A_wrong_sequence_number_within_a_command_of_several_packets_ends_the_session()
    {
        var whole = new byte[(1 << 24) - 1];
        whole.AsSpan().Fill((byte)' ');
        whole[0] = Query;
        await Client.SendPacketAsync(0, whole);
        await Client.SendPacketAsync(2, "select 'out of order'"u8);
        HostileMySqlClient.IsError(await Client.ReceiveAsync(), 1, 1156, "08S01", "Got packets out of order");
        await _session.HasForwardedNothingAndEndsAsync();
    }

    [TestCase(23, "mysqld_stmt_execute")]
    [TestCase(28, "mysqld_stmt_fetch")]
    [TestCase(26, "mysqld_stmt_reset")]
    public async Task A_statement_that_does_not_exist_is_unknown(byte command, string name)
    {
        await _session.PrepareAsync("select ?");
        foreach (var id in (byte[][])[[9, 0, 0, 0], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F]])
        {
            byte[] body = command switch { 23 => [0, 1, 0, 0, 0, 0, 1, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0], 28 => [1, 0, 0, 0], _ => [] };
            await _session.IsRefusedAsync([command, .. id, .. body], 1243, "HY000", $"Unknown prepared statement handler ({BitConverter.ToUInt32(id)}) given to {name}");
        }

        await _session.HasForwardedNothingAndLivesAsync();
    }

    [TestCase(24)]
    [TestCase(25)]
    public async Task What_has_no_reply_means_nothing_for_a_statement_that_does_not_exist(byte command)
    {
        await _session.PrepareAsync("select ?");
        await Client.SendPacketAsync(0, [command, 9, 0, 0, 0, 0, 0, .. "piece"u8]);
        await Client.SendPacketAsync(0, [command, 9, 0]);
        await _session.HasForwardedNothingAndLivesAsync();
    }

    private static readonly byte[][] WrongArguments =
    [
        [0, 1, 0, 0, 0, 0, 1, 8, 0, 8, 0, .. new byte[16]], // Two values for one parameter.
        [0, 1, 0, 0, 0, 0, 1, 8, 0, .. new byte[12]], // More behind the value.
        [0, 1, 0, 0, 0, 0, 1, 8, 0, 1, 2, 3], // Half a value.
        [0, 1, 0, 0, 0, 0, 1, 253, 0, 250, .. "short"u8], // A text that is shorter than it says.
        [0, 1, 0, 0, 0, 0, 1, 253, 0, 0xFE, 255, 255, 255, 255, 255, 255, 255, 255], // A text of 2^64 - 1 bytes.
        [0, 1, 0, 0, 0, 0, 1], // No types, no value.
        [0, 1, 0, 0, 0], // Nothing.
        [0, 1, 0, 0, 0, 0, 0, .. new byte[8]], // The types of an execution that never was.
        [0, 2, 0, 0, 0, 0, 1, 8, 0, .. new byte[8]], // Two iterations.
        [6, 1, 0, 0, 0, 0, 1, 8, 0, .. new byte[8]], // A cursor that no server has.
    ];

    [TestCaseSource(nameof(WrongArguments))]
    public async Task More_or_other_parameters_than_were_prepared_are_wrong_arguments(byte[] body)
    {
        var id = await _session.PrepareAsync("select ?");
        await _session.IsRefusedAsync([23, .. id, .. body], 1210, "HY000", "Incorrect arguments to mysqld_stmt_execute");
        await _session.HasForwardedNothingAndLivesAsync();
        Assert.That((await Client.CommandAsync([23, .. id, 0, 1, 0, 0, 0, 0, 1, 8, 0, 42, 0, 0, 0, 0, 0, 0, 0]))[^1].IsError, Is.False);
    }

    [Test]
    public async Task Types_behind_another_flag_than_the_protocols_are_wrong_arguments([Values(2, 3, 255)] byte flag)
    {
        var id = await _session.PrepareAsync("select ?");
        byte[] text = [23, .. id, 0, 1, 0, 0, 0, 0, 1, 253, 0, 2, .. "hi"u8];
        Assert.That((await Client.CommandAsync(text))[^1].IsError, Is.False);
        // By the types of before a text of eight bytes; to the server, which takes any flag for types, a number.
        var reply = await Client.CommandAsync([23, .. id, 0, 1, 0, 0, 0, 0, flag, 8, 0, 0x90, 3, 0, 0, 0, 0, 0]);
        HostileMySqlClient.IsError(reply[0], 1, 1210, "HY000", "Incorrect arguments to mysqld_stmt_execute");
        await _session.LivesAsync();
    }

    [Test]
    public async Task A_change_of_user_to_another_character_set_is_refused_and_ends_the_connection()
    {
        var reply = await Client.ChangeUserAsync(_gateway.Endpoint(), collation: 28);
        HostileMySqlClient.IsError(reply, 1, 1235, "42000", "phigate code=encoding-not-allowed retry=no");
        Assert.That(await Client.ReceiveAsync(), Is.Null);
        await _session.HasForwardedNothingAndEndsAsync();
    }

    [Test]
    public async Task A_file_of_the_client_is_never_asked_for()
    {
        var reply = await Client.QueryAsync("load data local infile '/etc/passwd' into table t");
        Assert.That(reply, Has.Count.EqualTo(1));
        // The server has been told that there are no files to be had, and refuses.
        Assert.That((reply[0].IsError, reply[0].Sequence), Is.EqualTo((true, (byte)1)));
        await _session.LivesAsync();
    }
}
