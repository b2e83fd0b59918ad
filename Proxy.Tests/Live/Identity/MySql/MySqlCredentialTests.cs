using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity.MySql;

/// <summary>Real drivers at a MySQL target of the real program: signed in by a token and by one-time credentials, also for one request.</summary>
public sealed class MySqlCredentialTests
{
    private MariaDbServer _server = null!;
    private PhiGateProcess _gateway = null!;
    private CredentialDeskClient _desk = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await MariaDbServer.StartAsync(new MariaDbServerOptions { LogStatements = true });
        _database = await _server.CreateDatabaseAsync("credential");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { MariaDb = _server, Database = _database, TradesTokens = true });
        _desk = new CredentialDeskClient(_gateway.Desk);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _desk?.Dispose();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private string TokenOf(string subject) => _gateway.Token(PhiGateOptions.ShowGroup, subject);

    private Task<ClientEndpoint> IssueAsync(string subject, string scope = "session", int connections = 1) =>
        _desk.IssueAsync(TokenOf(subject), new { target = _database, scope, connections, reason = "a test", task = "T-1" });

    [Test]
    public async Task A_driver_signs_in_by_token([ValueSource(typeof(MySqlPrograms), nameof(MySqlPrograms.All))] string program)
    {
        Assert.That(await MySqlPrograms.AskAsync(program, _gateway.EndpointWith(TokenOf(program)), "select 40 + 2"), Is.EqualTo(new[] { "42" }));
        Assert.That((await OpenedAsync()).Single(session => session.Subject == program && session.Grant is null or "").Protocol, Is.EqualTo("mysql"));
    }

    [Test]
    public async Task A_driver_signs_in_by_a_one_time_credential([ValueSource(typeof(MySqlPrograms), nameof(MySqlPrograms.All))] string program)
    {
        var credential = await IssueAsync($"{program}-once");

        Assert.That(await MySqlPrograms.AskAsync(program, credential, "select 40 + 2"), Is.EqualTo(new[] { "42" }));
        var opened = (await OpenedAsync()).Single(session => session.Grant == credential.User);
        Assert.That((opened.SignInMethod, opened.Subject, opened.Task, opened.Reason), Is.EqualTo(("caching_sha2_password", $"{program}-once", "T-1", "a test")));
    }

    [Test]
    public async Task It_is_good_for_one_connection_and_a_wrong_password_looks_like_an_unknown_name()
    {
        var credential = await IssueAsync("spender");
        await MySqlPrograms.AskAsync("MySqlConnector", credential, "select 1");

        Assert.That(await RefusalOfAsync(credential), Does.StartWith("phigate code=credential-spent "));
        var wrong = await RefusalOfAsync(credential with { Password = "guessed" });
        Assert.That(wrong, Does.StartWith("phigate code=sign-in-failed "));
        Assert.That(await RefusalOfAsync(credential with { User = "once-" + new string('0', 32) }), Is.EqualTo(wrong));
    }

    [Test]
    public async Task Its_holder_gives_it_back_with_the_session_that_it_opened()
    {
        var credential = await IssueAsync("owner", connections: 2);
        await using var connection = new MySqlConnection(MySqlPrograms.ConnectionString(credential));
        await connection.OpenAsync();
        await using var command = new MySqlCommand("select 1", connection);
        await command.ExecuteScalarAsync();

        await _desk.SendAsync(HttpMethod.Delete, $"v1/credentials/{credential.User}", TokenOf("owner"));

        Assert.That(async () => await command.ExecuteScalarAsync(), Throws.InstanceOf<MySqlException>());
        Assert.That(await RefusalOfAsync(credential), Does.StartWith("phigate code=sign-in-failed "));
    }

    [Test]
    public async Task A_tool_runs_the_client_with_an_option_file_and_gives_the_credential_back()
    {
        var result = await _gateway.RunToolAsync(
            TokenOf("tool"), "connect", _database, "--reason", "a demonstration", "--", "sh", "-c",
            "echo \"$MYSQL_USER $MYSQL_HOME\"; stat -c %a \"$MYSQL_HOME/my.cnf\" \"$MYSQL_HOME\"; unset MYSQL_PWD; mariadb --skip-column-names -e 'select database(), 40 + 2'; exit 7");

        Assert.That(result.ExitCode, Is.EqualTo(7), result.Errors);
        var lines = result.Output.Split('\n');
        Assert.That(lines[1..4], Is.EqualTo(new[] { "600", "700", $"{_database}\t42" }), result.Errors);
        var (user, directory) = (lines[0].Split(' ')[0], lines[0].Split(' ')[1]);
        Assert.That(user, Does.Match("^once-[0-9a-f]{32}$"));
        Assert.That(Directory.Exists(directory), Is.False);
        Assert.That((await RecordedEvents.OfAsync<DecodedAccessRevoked>(_gateway.JournalDirectory)).Single(revoked => revoked.Value == user).RevokedBy, Does.StartWith("its holder, tool "));
    }

    [Test]
    public async Task One_request_of_a_driver_runs_and_the_second_never_reaches_the_server([ValueSource(typeof(MySqlPrograms), nameof(MySqlPrograms.All))] string program)
    {
        var credential = await IssueAsync($"{program}-request", "request");

        Assert.That(
            await MySqlPrograms.AskAsync(program, credential, $"select 'first-{program}'", $"select 'second-{program}'"), Is.EqualTo(new[] { $"first-{program}", "4031" }));
        await AssertOnlyFirstAsync(program);
    }

    [Test]
    public async Task One_transaction_of_PyMySQL_runs_whole_though_it_begins_by_itself()
    {
        var credential = await IssueAsync("pymysql-transaction", "request");

        var outcomes = await MySqlPrograms.PyMySqlAsync(
            credential, "default", "select 'first-transaction'", "select 'more of the transaction'", "commit", "select 'second-transaction'");

        Assert.That(outcomes, Is.EqualTo(new[] { "first-transaction", "more of the transaction", "committed", "4031" }));
        await AssertOnlyFirstAsync("transaction");
    }

    [TestCase("execute")]
    [TestCase("together")]
    public async Task One_request_of_mysql2_is_one_however_it_is_sent(string mode)
    {
        var credential = await IssueAsync($"mysql2-{mode}", "request");

        // What the driver has not sent yet when the connection ends fails with it.
        var outcomes = await MySqlPrograms.Mysql2Async(credential, mode, $"select 'first-{mode}'", $"select 'second-{mode}'", $"select 'second-{mode} again'");

        Assert.That(outcomes.Take(2), Is.EqualTo(new[] { $"first-{mode}", "4031" }));
        await AssertOnlyFirstAsync(mode);
    }

    [Test]
    public async Task One_request_of_MySqlConnector_is_one_also_prepared_and_in_a_batch()
    {
        var prepared = await MySqlPrograms.MySqlConnectorAsync(
            await IssueAsync("prepared", "request"), prepares: true, "select 'first-prepared'", "select 'second-prepared'");
        await using var connection = new MySqlConnection(MySqlPrograms.ConnectionString(await IssueAsync("batch", "request")));
        await connection.OpenAsync();
        await using var batch = new MySqlBatch(connection) { BatchCommands = { new MySqlBatchCommand("select 'first-batch'"), new MySqlBatchCommand("select 'second-batch'") } };

        Assert.That(async () => { await using var reader = await batch.ExecuteReaderAsync(); while (await reader.NextResultAsync()) { } }, Throws.InstanceOf<MySqlException>());
        Assert.That(prepared, Is.EqualTo(new[] { "first-prepared", "4031" }));
        await AssertNoSecondAsync("batch");
        await AssertOnlyFirstAsync("prepared");
    }

    [Test]
    public async Task One_transaction_of_MySqlConnector_runs_whole()
    {
        await using var connection = new MySqlConnection(MySqlPrograms.ConnectionString(await IssueAsync("whole", "request")));
        await connection.OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                await using var command = new MySqlCommand("select 'first-whole'", connection, transaction);
                Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo("first-whole"));
            }

            await transaction.CommitAsync();
        }

        await using var second = new MySqlCommand("select 'second-whole'", connection);
        Assert.That(async () => await second.ExecuteScalarAsync(), Throws.InstanceOf<MySqlException>().With.Property("Number").EqualTo(4031));
        await AssertOnlyFirstAsync("whole");
    }

    private static async Task<string> RefusalOfAsync(ClientEndpoint endpoint)
    {
        await using var connection = new MySqlConnection(MySqlPrograms.ConnectionString(endpoint));
        return (await Assert.CatchAsync<MySqlException>(connection.OpenAsync))!.Message;
    }

    private Task<IReadOnlyList<DecodedSessionOpened>> OpenedAsync() => RecordedEvents.OfAsync<DecodedSessionOpened>(_gateway.JournalDirectory);

    private async Task AssertOnlyFirstAsync(string name)
    {
        await AssertNoSecondAsync(name);
        Assert.That(await _server.ReadStatementLogAsync(MariaDbUser.Native), Has.Some.Contains($"first-{name}"));
    }

    /// <summary>A statement that had reached the server would be in its log by now: the client has read an answer that is sent after it.</summary>
    private async Task AssertNoSecondAsync(string name) =>
        Assert.That(await _server.ReadStatementLogAsync(MariaDbUser.Native), Has.None.Contains($"second-{name}"));
}
