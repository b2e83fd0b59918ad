using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>
/// A session for one request, byte by byte: what may come before it, what belongs to it, and that nothing behind it reaches the server, however it is
/// sent. The server's own log is the judge.
/// </summary>
public sealed class OneRequestTests
{
    private PostgresServer _server = null!;
    private GatewayHarness _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true });
        var database = await _server.CreateDatabaseAsync();
        await _server.ExecuteAsync(database, "create table t (i int); grant all on t to public");
        _gateway = await GatewayHarness.StartAsync(_server, database, GatewayHarness.ShowEverything);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static byte[] Q(string sql) => PostgresRequests.Query(sql);

    private static byte[] Run(string sql) => Joined(PostgresRequests.Parse("", sql), PostgresRequests.Bind("", ""), PostgresRequests.Execute(""));

    private static byte[] Joined(params byte[][] messages) => [.. messages.SelectMany(message => message)];

    /// <summary>Each case: what is sent, in rounds; the client waits for a ReadyForQuery after every round but the last.</summary>
    private static IEnumerable<TestCaseData> Cases()
    {
        static TestCaseData Case(string name, params byte[][] rounds) => new TestCaseData((object)rounds).SetArgDisplayNames(name);
        var sync = PostgresRequests.Sync();

        yield return Case("two queries", Q("select 'first'"), Q("select 'second'"));
        yield return Case("two queries pipelined", Joined(Q("select 'first'"), Q("select 'second'")));
        yield return Case("two statements in one query", Q("select 'first'; select 'second'"));
        yield return Case("a transaction and one more", Q("begin"), Q("select 'first'"), Q("commit"), Q("select 'second'"));
        yield return Case("a transaction and one more pipelined", Joined(Q("begin"), Q("select 'first'"), Q("commit"), Q("select 'second'")));
        yield return Case("a transaction in one query and one more", Q("begin; select 'first'; commit"), Q("select 'second'"));
        yield return Case("a statement behind a commit in one query", Q("begin; select 'first'; commit; select 'second'"));
        yield return Case("a statement behind a commit in a query of the transaction", Q("begin"), Q("select 'first'"), Q("commit; select 'second'"));
        yield return Case("a chained commit", Q("begin"), Q("select 'first'"), Joined(Q("commit and chain"), Q("select 'second'")));
        yield return Case("a transaction rolled back and one more", Q("begin"), Q("select 'first'"), Q("rollback"), Q("select 'second'"));
        yield return Case("a failed statement and one more", Q("select 'first' || 1/0"), Q("select 'second'"));
        yield return Case("a failed transaction and one more", Q("begin"), Q("select 'first' || 1/0"), Q("rollback"), Q("select 'second'"));
        yield return Case("extended, two segments", Joined(Run("select 'first'"), sync), Joined(Run("select 'second'"), sync));
        yield return Case("extended, one segment", Joined(Run("select 'first'"), Run("select 'second'"), sync));
        yield return Case("extended, two segments pipelined", Joined(Run("select 'first'"), sync, Run("select 'second'"), sync));
        yield return Case("extended, prepared once and run twice", Joined(PostgresRequests.Parse("s", "select 'first'"), sync),
            Joined(PostgresRequests.Bind("", "s"), PostgresRequests.Execute(""), sync), Joined(PostgresRequests.Bind("", "s"), PostgresRequests.Execute(""), sync));
        yield return Case("extended, a transaction and one more pipelined", Joined(Run("begin"), Run("select 'first'"), Run("commit"), Run("select 'second'"), sync));
        yield return Case("extended, a transaction of many segments and one more", Joined(Run("begin"), sync), Joined(Run("select 'first'"), sync),
            Joined(Run("commit"), sync, Run("select 'second'"), sync));
        yield return Case("a transaction that never began, pipelined", Joined(Run("select nonsense"), Run("begin"), sync, Run("select 'second'"), sync));
        yield return Case("a begin that is bound and never executed", Joined(PostgresRequests.Parse("", "begin"), PostgresRequests.Bind("", ""), Q("select 'second'")));
        yield return Case("a query behind an extended statement", Joined(Run("select 'first'"), sync), Q("select 'second'"));
        yield return Case("an extended statement behind a query", Q("select 'first'"), Joined(Run("select 'second'"), sync));
        yield return Case("a copy and one more", Joined(Q("copy t from stdin"), PostgresRequests.CopyData("1\n"u8), PostgresRequests.CopyDone()), Q("select 'second'"));
        yield return Case("a function call", Q("select 'first'"), new FrameBuilder('F').AddInt32(1).AddInt16(0).AddInt16(0).AddInt16(0).ToBytes());
        yield return Case("settings, the request, and one more", Q("set extra_float_digits = 3"), Q("set application_name = 'x'"), Q("select 'first'"), Q("select 'second'"));
        yield return Case("more settings than a driver sends", [.. Enumerable.Repeat(Q("set extra_float_digits = 3"), 8), Q("show server_version"), Q("select 'second'")]);
        yield return Case("what looks like a question about types and is not", Q("select version()"), Q("select count(*) as first from pg_type, t"), Q("select 'second'"));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_second_request_gets_the_stated_code_and_never_reaches_the_server(byte[][] rounds)
    {
        var before = (await _server.ReadStatementLogAsync()).Count;
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint with { User = GatewayHarness.OneRequestUser });
        foreach (var round in rounds[..^1])
        {
            await client.SendAsync(round);
            var replies = await client.ReceiveUntilReadyAsync();
            Assert.That(replies[^1].Type, Is.EqualTo(WireFrame.ReadyForQuery), string.Join(", ", replies));
        }

        await client.SendAsync(rounds[^1]);
        var last = await client.ReceiveToEndAsync();
        var logged = (await _server.ReadStatementLogAsync()).Skip(before).Select(statement => statement.Message).ToArray();

        Assert.That((last[^1].Field('S'), last[^1].Field('C')), Is.EqualTo(("FATAL", "57P01")), string.Join(", ", last));
        Assert.That(last[^1].Field('D'), Does.StartWith("phigate code=request-spent "));
        Assert.That(logged, Has.None.Contains("second"));
    }

    [Test]
    public async Task The_request_is_answered_before_the_refusal_of_a_second_one_in_the_same_breath()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint with { User = GatewayHarness.OneRequestUser });

        await client.SendAsync(Joined(Q("select 'first'"), Q("select 'second'")));
        var frames = await client.ReceiveToEndAsync();

        Assert.That(frames.Select(frame => frame.Type), Is.EqualTo("TDCZE"));
    }

    [Test]
    public async Task A_batch_that_would_be_two_requests_is_not_committed_by_half()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint with { User = GatewayHarness.OneRequestUser });

        await client.SendAsync(Joined(Run("insert into t values (4711)"), Run("select 'second'"), PostgresRequests.Sync()));
        await client.ReceiveToEndAsync();

        await using var connection = await _server.OpenAsync(_gateway.Database);
        await using var command = new Npgsql.NpgsqlCommand("select count(*) from t where i = 4711", connection);
        Assert.That(await command.ExecuteScalarAsync(), Is.Zero);
    }

    [Test]
    public async Task A_refused_statement_is_no_request()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint with { User = GatewayHarness.OneRequestUser });

        var refused = await client.QueryAsync("set client_encoding = 'LATIN1'");
        var answered = await client.QueryAsync("select 'first'");

        Assert.That(refused[0].Field('D'), Does.StartWith("phigate code=encoding-not-allowed "));
        Assert.That(answered.Select(frame => frame.Type), Is.EqualTo("TDCZ"));
    }

    [Test]
    public async Task A_whole_transaction_with_savepoints_and_fetches_is_one_request()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint with { User = GatewayHarness.OneRequestUser });
        string[] statements =
        [
            "begin", "savepoint a", "select 1/0", "rollback to a", "declare c cursor for select generate_series(1, 3)", "fetch 2 from c", "fetch 2 from c",
            "insert into t values (1)", "commit",
        ];
        foreach (var statement in statements)
            Assert.That((await client.QueryAsync(statement))[^1].Type, Is.EqualTo(WireFrame.ReadyForQuery), statement);
    }

    [Test]
    public async Task A_goodbye_is_no_second_request()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint with { User = GatewayHarness.OneRequestUser });
        await client.QueryAsync("select 'first'");

        await client.SendAsync(PostgresRequests.Terminate());

        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
    }
}
