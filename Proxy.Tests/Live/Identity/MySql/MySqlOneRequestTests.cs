using System.Text;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Host;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Identity.MySql;

/// <summary>
/// A MySQL session for one request, packet by packet: what may come before it, what belongs to it, and that nothing behind it reaches the server, however it
/// is sent. The server's own log is the judge.
/// </summary>
public sealed class MySqlOneRequestTests
{
    private const string Implicit = "set autocommit = 0";

    private MariaDbServer _server = null!;
    private MySqlGatewayHarness _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await MariaDbServer.StartAsync(new MariaDbServerOptions
        {
            LogStatements = true,
            Settings = new Dictionary<string, string> { ["innodb-rollback-on-timeout"] = "1" },
        });
        var database = await _server.CreateDatabaseAsync("request");
        await _server.ExecuteAsync(database, "create table t (i int)");
        await _server.ExecuteAsync(database, "create table locked (i int primary key)");
        await _server.ExecuteAsync(database, "create procedure restart_it() begin commit; start transaction; end");
        _gateway = await MySqlGatewayHarness.StartAsync(
            _server.Port, database, MySqlFrontEnds.For("10.11.6-MariaDB", "", foldsRelationNames: false)!, new LenientJudge(masks: false));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static byte[] Q(string sql) => MySqlWireClient.Packet(0, [3, .. Encoding.UTF8.GetBytes(sql)]);

    private static byte[] Of(byte command, params byte[] body) => MySqlWireClient.Packet(0, [command, .. body]);

    private static byte[] Prepare(string sql) => MySqlWireClient.Packet(0, [22, .. Encoding.UTF8.GetBytes(sql)]);

    /// <summary>Of what was prepared last, as MariaDB's drivers say it.</summary>
    private static byte[] Execute() => Of(23, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0, 0);

    private static byte[] Joined(params byte[][] commands) => [.. commands.SelectMany(command => command)];

    /// <summary>Each case: what is sent, in rounds; the client waits for the reply of every round but the last.</summary>
    private static IEnumerable<TestCaseData> Cases()
    {
        static TestCaseData Case(string name, params byte[][] rounds) => new TestCaseData((object)rounds).SetArgDisplayNames(name);

        yield return Case("two queries", Q("select 'first'"), Q("select 'second'"));
        yield return Case("two queries pipelined", Joined(Q("select 'first'"), Q("select 'second'")));
        yield return Case("a transaction and one more", Q("begin"), Q("select 'first'"), Q("commit"), Q("select 'second'"));
        yield return Case("a transaction and one more pipelined", Joined(Q("begin"), Q("select 'first'"), Q("commit"), Q("select 'second'")));
        yield return Case("a transaction rolled back and one more", Q("start transaction"), Q("select 'first'"), Q("rollback"), Q("select 'second'"));
        yield return Case("a transaction in a transaction", Q("begin"), Q("select 'first'"), Joined(Q("begin"), Q("select 'second'")));
        yield return Case("a chained commit", Q("begin"), Q("select 'first'"), Joined(Q("commit and chain"), Q("select 'second'")));
        yield return Case("a failed statement and one more", Q("select 'first' from nowhere"), Q("select 'second'"));
        yield return Case("a statement that commits by itself, and one more", Q("begin"), Q("insert into t values (1)"), Q("create table if not exists u (i int)"), Q("select 'second'"));
        yield return Case("a failed statement that commits by itself, and one more", Q("begin"), Q("insert into t values (1)"), Q("create table t (i int)"), Q("select 'second'"));
        yield return Case("autocommit turned on in a transaction", Q(Implicit), Q("insert into t values (1)"), Q("set autocommit = 1"), Q("select 'second'"));
        yield return Case("a transaction that begins by itself, and one more", Q(Implicit), Q("select 'first'"), Q("insert into t values (1)"), Q("commit"), Q("select 'second'"));
        yield return Case("the same pipelined", Joined(Q(Implicit), Q("select 'first'"), Q("insert into t values (1)"), Q("commit"), Q("select 'second'")));
        yield return Case("without autocommit a statement that commits by itself", Q(Implicit), Q("create table if not exists u (i int)"), Q("insert into t values ('second')"));
        yield return Case("without autocommit one that commits behind a change", Q(Implicit), Q("insert into t values (1)"), Q("alter table t comment 'first'"), Q("select 'second'"));
        yield return Case("prepared once and run twice", Prepare("select 'first'"), Execute(), Execute());
        yield return Case("prepared behind the request", Q("select 'first'"), Prepare("select 'second'"));
        yield return Case("prepared and run pipelined, and one more", Joined(Prepare("select 'first'"), Execute(), Q("select 'second'")));
        yield return Case("a transaction of prepared statements and one more", Prepare("begin"), Execute(), Q("select 'first'"), Q("commit"), Q("select 'second'"));
        yield return Case("EXECUTE in a transaction and one more", Q("begin"), Q("prepare s from 'start transaction'"), Q("execute s"), Q("select 'second'"));
        yield return Case("a procedure that commits and begins anew", Q("begin"), Q("call restart_it()"), Q("select 'second'"));
        yield return Case("the connection reset in a transaction", Q("begin"), Q("insert into t values (1)"), Of(31), Q("select 'second'"));
        yield return Case("the connection reset behind the request", Q("select 'first'"), Of(31));
        yield return Case("a ping behind the request", Q("select 'first'"), Of(14));
        yield return Case("KILL behind a statement that commits by itself", Q("begin"), Q("create table if not exists u (i int)"), Q("kill 999"));
        yield return Case("an option behind the request", Q("select 'first'"), Of(27, 1, 0));
        yield return Case("another user behind the request", Q("select 'first'"), Of(17, 0x61, 0, 0, 0, 0));
        yield return Case("settings, the request, and one more", Q("set names utf8mb4"), Q("set autocommit = 1"), Q("select @@version_comment limit 1"), Q("select 'first'"), Q("select 'second'"));
        yield return Case("more settings than a driver sends", [.. Enumerable.Repeat(Q("set names utf8mb4"), 8), Q("show variables like 'version'"), Q("select 'second'")]);
        yield return Case("what looks like a question about the session and is not", Q("select version()"), Q("select version(), count(*) as first from t"), Q("select 'second'"));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_second_request_gets_the_stated_code_and_never_reaches_the_server(byte[][] rounds)
    {
        var before = (await _server.ReadStatementLogAsync(MariaDbUser.Native)).Count;
        await using var client = await OpenAsync();
        foreach (var round in rounds[..^1])
        {
            await client.SendAsync(round);
            await client.ReplyAsync(round[4], deprecatesEof: false);
        }

        await client.SendAsync(rounds[^1]);
        var last = await client.ReceiveAsync();
        MySqlPacket? end = null;
        while (last is not null)
        {
            end = last;
            last = await client.ReceiveAsync();
        }

        var logged = (await _server.ReadStatementLogAsync(MariaDbUser.Native)).Skip(before).ToArray();
        Assert.That(logged, Has.None.Contains("second"));
        Assert.That((end?.IsError, end?.ErrorNumber), Is.EqualTo(((bool?)true, (int?)4031)), end?.ToString());
        Assert.That(end!.Message, Does.StartWith("phigate code=request-spent "));
    }

    [Test]
    public async Task The_request_is_answered_before_the_refusal_of_a_second_one_in_the_same_breath_and_both_are_numbered_as_answers()
    {
        await using var client = await OpenAsync();

        await client.SendAsync(Joined(Q("insert into t values (4711)"), Q("select 'second'")));

        Assert.That(await client.ReceiveAsync(), Has.Property("IsOk").True.And.Property("Sequence").EqualTo(1));
        Assert.That(await client.ReceiveAsync(), Has.Property("ErrorNumber").EqualTo(4031).And.Property("Sequence").EqualTo(1));
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [Test]
    public async Task A_whole_transaction_with_savepoints_and_failures_is_one_request([Values] bool beginsByItself)
    {
        await using var client = await OpenAsync();
        string[] statements =
        [
            beginsByItself ? Implicit : "begin", "select 1", "insert into t values (1)", "savepoint a", "select 1 from nowhere", "rollback to a", "set @x = 1", "select 2", "commit",
        ];
        foreach (var statement in statements)
            Assert.That((await client.QueryAsync(statement))[^1], Has.Property("IsError").EqualTo(statement.Contains("nowhere", StringComparison.Ordinal)), statement);
    }

    /// <summary>An error has no status: that the server has rolled everything back is only known when it is asked.</summary>
    [Test]
    public async Task An_error_that_rolls_the_transaction_back_ends_the_request()
    {
        await using var holder = await _server.OpenAsync(_gateway.Database);
        await using var held = await holder.BeginTransactionAsync();
        await using (var locking = new MySqlCommand("insert into locked values (1)", holder, held))
            await locking.ExecuteNonQueryAsync();
        await using var client = await OpenAsync();
        await client.QueryAsync("set innodb_lock_wait_timeout = 1");
        await client.QueryAsync("begin");
        await client.QueryAsync("insert into t values (4712)");

        var failed = await client.QueryAsync("insert into locked values (1)");
        var second = await client.QueryAsync("insert into t values (4713)");

        Assert.That((failed[^1].ErrorNumber, second[^1].ErrorNumber), Is.EqualTo((1205, 4031)), $"{failed[^1]}, {second[^1]}");
        Assert.That(await _server.ReadStatementLogAsync(MariaDbUser.Native), Has.None.Contains("4713"));
    }

    [Test]
    public async Task The_rows_of_the_requests_cursor_and_its_end_belong_to_it()
    {
        await using var client = await OpenAsync();
        await client.CommandAsync([22, .. "select 'first' union all select 'more'"u8]);
        await client.CommandAsync([23, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0, 0, 0]); // CURSOR_TYPE_READ_ONLY

        var rows = await client.CommandAsync([28, 0xFF, 0xFF, 0xFF, 0xFF, 10, 0, 0, 0]);
        await client.SendPacketAsync(0, [25, 0xFF, 0xFF, 0xFF, 0xFF]);
        await client.SendPacketAsync(0, [1]);

        Assert.That(rows, Has.Count.EqualTo(3).And.All.Property("IsError").False);
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [Test]
    public async Task A_refused_statement_is_no_request()
    {
        await using var client = await OpenAsync();

        var refused = await client.QueryAsync("use mysql");
        var answered = await client.QueryAsync("select 'first'");

        Assert.That((refused[0].IsError, answered[0].IsError), Is.EqualTo((true, false)), refused[0].ToString());
    }

    private Task<MySqlWireClient> OpenAsync() => MySqlWireClient.OpenAsync(_gateway.Endpoint with { User = MySqlGatewayHarness.OneRequestUser });
}
