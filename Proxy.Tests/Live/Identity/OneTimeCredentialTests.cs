using System.Net;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;
using Proxy.Host.Identity;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>A token traded for a user name and a password, with the real program, and real clients that sign in with them.</summary>
public sealed class OneTimeCredentialTests
{
    private PostgresServer _server = null!;
    private PhiGateProcess _gateway = null!;
    private CredentialDeskClient _desk = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true });
        _database = await _server.CreateDatabaseAsync("credential");
        await _server.ExecuteAsync(_database, "create table batch (name text); grant all on batch to public");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = _server,
            Database = _database,
            TradesTokens = true,
            Credentials = "connections-max: 3\noutstanding-per-identity-max: 5",
        });
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

    [TestCase("disable")]
    [TestCase("prefer")]
    [TestCase("require")]
    public async Task A_libpq_signs_in_by_scram_whatever_it_thinks_of_channel_binding(string binding)
    {
        var credential = await IssueAsync($"libpq-{binding}");

        var result = await Psql.RunAsync(credential, "select 40 + 2", "-At", "-d", $"channel_binding={binding} dbname={credential.Database}");

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "42\n")), result.Errors);
        var opened = (await RecordedEvents.OfAsync<DecodedSessionOpened>(_gateway.JournalDirectory)).Single(session => session.Grant == credential.User);
        Assert.That(opened.SignInMethod, Is.EqualTo(binding is "disable" ? "scram-sha-256" : "scram-sha-256-plus"));
        Assert.That((opened.Subject, opened.Task, opened.Reason, opened.Marks!.Task), Is.EqualTo(($"libpq-{binding}", "T-1", "a test", Provenance.SelfDeclared)));
    }

    [Test]
    public async Task The_driver_of_net_signs_in_and_binds_the_channel()
    {
        var credential = await IssueAsync("npgsql");
        var settings = new NpgsqlConnectionStringBuilder(NpgsqlConnections.StringFor(credential)) { ChannelBinding = ChannelBinding.Require };

        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select 42", connection);

        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(42));
    }

    [Test]
    public async Task It_is_good_for_so_many_connections_and_then_says_so_to_whoever_knows_the_password()
    {
        var credential = await IssueAsync("twice", connections: 2);

        for (var i = 0; i < 2; i++)
            Assert.That((await Psql.RunAsync(credential, "select 1", "-At")).ExitCode, Is.Zero);
        var third = await Psql.RunAsync(credential, "select 1", "-At");
        var stranger = await Psql.RunAsync(credential with { Password = "guessed" }, "select 1", "-At");

        Assert.That(third.Errors, Does.Contain("phigate code=credential-spent "));
        Assert.That(stranger.Errors, Does.Contain("phigate code=sign-in-failed ").And.Not.Contain("spent"));
    }

    [Test]
    public async Task A_wrong_password_and_an_unknown_name_look_the_same()
    {
        var credential = await IssueAsync("guesser");

        var wrong = await Psql.RunAsync(credential with { Password = "guessed" }, "select 1", "-At");
        var unknown = await Psql.RunAsync(credential with { User = "once-" + new string('0', 32) }, "select 1", "-At");

        Assert.That(wrong.Errors, Does.Contain("phigate code=sign-in-failed "));
        Assert.That(
            wrong.Errors.Replace(credential.User, "", StringComparison.Ordinal),
            Is.EqualTo(unknown.Errors.Replace("once-" + new string('0', 32), "", StringComparison.Ordinal)));
    }

    [Test]
    public async Task It_opens_no_other_target()
    {
        var credential = await IssueAsync("wanderer");

        var result = await Psql.RunAsync(credential with { Database = "postgres" }, "select 1", "-At");

        Assert.That(result.Errors, Does.Contain("phigate code=target-unknown "));
    }

    [Test]
    public async Task Its_holder_gives_it_back_with_the_session_that_it_opened_and_nobody_else_can()
    {
        var credential = await IssueAsync("owner", connections: 2);
        await using var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(credential));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select 1", connection);
        await command.ExecuteScalarAsync();

        var (foreign, _) = await _desk.SendAsync(HttpMethod.Delete, $"v1/credentials/{credential.User}", TokenOf("somebody-else"));
        var (own, _) = await _desk.SendAsync(HttpMethod.Delete, $"v1/credentials/{credential.User}", TokenOf("owner"));
        var live = await Assert.CatchAsync<PostgresException>(async () => await command.ExecuteScalarAsync());
        var again = await Psql.RunAsync(credential, "select 1", "-At");

        Assert.That((foreign, own), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.NoContent)));
        Assert.That(live!.SqlState, Is.EqualTo("57P01"));
        Assert.That(again.Errors, Does.Contain("phigate code=sign-in-failed "));
    }

    [Test]
    public async Task Another_agent_of_the_same_human_does_not_end_it()
    {
        string Of(string agent) => _gateway.Sign(new DevelopmentTokenRequest { Subject = agent, Human = "kim", Groups = [PhiGateOptions.ShowGroup] });
        var credential = await _desk.IssueAsync(Of("robot-a"), new { target = _database });

        var (foreign, _) = await _desk.SendAsync(HttpMethod.Delete, $"v1/credentials/{credential.User}", Of("robot-b"));
        var used = await Psql.RunAsync(credential, "select 42", "-At");
        var (own, _) = await _desk.SendAsync(HttpMethod.Delete, $"v1/credentials/{credential.User}", Of("robot-a"));

        Assert.That((foreign, used.Output, own), Is.EqualTo((HttpStatusCode.Unauthorized, "42\n", HttpStatusCode.NoContent)), used.Errors);
    }

    [Test]
    public async Task Nothing_is_given_for_what_is_not_due()
    {
        async Task<string> CodeAsync(string? token, object request) =>
            (await _desk.SendAsync(HttpMethod.Post, "v1/credentials", token, request)).Body!["code"]!.GetValue<string>();

        var good = TokenOf("asker");
        Assert.That(await CodeAsync(null, new { target = _database }), Is.EqualTo("sign-in-failed"));
        Assert.That(await CodeAsync("no-token", new { target = _database }), Is.EqualTo("token-malformed"));
        Assert.That(await CodeAsync(good, new { target = "elsewhere" }), Is.EqualTo("target-unknown"));
        Assert.That(await CodeAsync(good, new { target = _database, connections = 4 }), Is.EqualTo("credential-not-issued"));
        Assert.That(await CodeAsync(good, new { target = _database, connections = 0 }), Is.EqualTo("credential-not-issued"));
        Assert.That(await CodeAsync(good, new { target = _database, lifetime_seconds = 100_000 }), Is.EqualTo("credential-not-issued"));
        Assert.That(await CodeAsync(good, new { target = _database, scope = "for-ever" }), Is.EqualTo("credential-not-issued"));
        Assert.That(await CodeAsync(good, new { target = _database, reason = "two\nlines" }), Is.EqualTo("credential-not-issued"));
        Assert.That(await CodeAsync(good, new { target = _database, admin = true }), Is.EqualTo("credential-not-issued"));
        Assert.That(await CodeAsync(_gateway.Token("no-such-group", "nobody"), new { target = _database }), Is.EqualTo("sign-in-not-allowed"));
        for (var i = 0; i < 5; i++)
            await IssueAsync("greedy");
        Assert.That(await CodeAsync(TokenOf("greedy"), new { target = _database }), Is.EqualTo("credential-not-issued"));
    }

    [Test]
    public async Task A_tool_runs_a_command_with_it_and_gives_it_back()
    {
        var token = TokenOf("tool");

        var result = await _gateway.RunToolAsync(
            token, "connect", _database, "--reason", "a demonstration", "--", "sh", "-c", "echo \"$PGUSER $PGSSLMODE\"; psql -X -At -c 'select 40 + 2'; exit 7");
        var lines = result.Output.Split('\n');

        Assert.That((result.ExitCode, lines[1]), Is.EqualTo((7, "42")), result.Errors);
        Assert.That(lines[0], Does.Match("^once-[0-9a-f]{32} verify-full$"));
        var user = lines[0].Split(' ')[0];
        Assert.That((await RecordedEvents.OfAsync<DecodedCredentialIssued>(_gateway.JournalDirectory)).Single(issued => issued.Grant == user).Reason, Is.EqualTo("a demonstration"));
        Assert.That((await RecordedEvents.OfAsync<DecodedAccessRevoked>(_gateway.JournalDirectory)).Single(revoked => revoked.Value == user).RevokedBy, Does.StartWith("its holder, tool "));
    }

    [Test]
    public async Task A_tool_says_who_one_is_and_how_that_is_known()
    {
        var token = _gateway.Sign(new DevelopmentTokenRequest { Subject = "robot", Human = "kim", Groups = [PhiGateOptions.ShowGroup] });

        var result = await _gateway.RunToolAsync(token, "whoami");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Match(@"agent:\s+robot \(verified\)").And.Match(@"human:\s+kim \(verified\)").And.Match($@"targets:\s+{_database}/{_database}"));
    }

    [Test]
    public async Task A_tool_that_is_refused_says_the_code_and_never_the_token()
    {
        var result = await _gateway.RunToolAsync("not.a.token", "connect", _database, "--", "true");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain("token-malformed").And.Not.Contain("not.a.token"));
    }

    [Test]
    public async Task One_request_of_psql_runs_and_the_second_never_reaches_the_server()
    {
        var credential = await IssueAsync("psql-once", "request");

        var result = await Psql.RunAsync(credential, "select 'first-psql';\nselect 'second-psql';", "-At");

        Assert.That(result.Output, Is.EqualTo("first-psql\n"), result.Errors);
        Assert.That(result.Errors, Does.Contain("phigate code=request-spent "));
        await AssertOnlyFirstAsync("psql");
    }

    [Test]
    public async Task Two_statements_in_one_text_of_psql_are_more_than_one_request()
    {
        var result = await Psql.RunAsync(await IssueAsync("psql-text", "request"), "select 'first-psql-text' \\; select 'second-psql-text';", "-At");

        Assert.That(result.Errors, Does.Contain("phigate code=request-spent "));
        Assert.That(result.Output, Does.Not.Contain("second"));
        await AssertNoSecondAsync("psql-text");
    }

    [Test]
    public async Task One_request_of_npgsql_runs_behind_the_questions_that_it_asks_itself()
    {
        var credential = await IssueAsync("npgsql-once", "request");
        var settings = new NpgsqlConnectionStringBuilder(NpgsqlConnections.StringFor(credential)) { IncludeErrorDetail = true };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();

        await using var first = new NpgsqlCommand("select 'first-npgsql'", connection);
        await using var second = new NpgsqlCommand("select 'second-npgsql'", connection);
        var answer = await first.ExecuteScalarAsync();
        var refusal = await Assert.CatchAsync<PostgresException>(async () => await second.ExecuteScalarAsync());

        Assert.That((answer, refusal!.SqlState), Is.EqualTo(("first-npgsql", "57P01")));
        Assert.That(refusal.Detail, Does.StartWith("phigate code=request-spent "));
        await AssertOnlyFirstAsync("npgsql");
    }

    [Test]
    public async Task One_transaction_of_npgsql_runs_whole()
    {
        var credential = await IssueAsync("npgsql-transaction", "request");
        await using var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(credential));
        await connection.OpenAsync();

        await using (var transaction = await connection.BeginTransactionAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                await using var command = new NpgsqlCommand("select 'first-transaction'", connection, transaction);
                Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo("first-transaction"));
            }
            await transaction.CommitAsync();
        }
        await using var second = new NpgsqlCommand("select 'second-transaction'", connection);
        Assert.That((await Assert.CatchAsync<PostgresException>(async () => await second.ExecuteScalarAsync()))!.SqlState, Is.EqualTo("57P01"));
        await AssertOnlyFirstAsync("transaction");
    }

    [Test]
    public async Task A_pipelined_batch_of_npgsql_is_more_than_one_request()
    {
        var credential = await IssueAsync("npgsql-batch", "request");
        await using var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(credential));
        await connection.OpenAsync();

        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("select 'first-batch'"), new("select 'second-batch'") } };
        var refusal = await Assert.CatchAsync<PostgresException>(async () =>
        {
            await using var reader = await batch.ExecuteReaderAsync();
            while (await reader.NextResultAsync())
            {
            }
        });

        Assert.That(refusal!.SqlState, Is.EqualTo("57P01"));
        await AssertNoSecondAsync("batch");
    }

    [Test]
    public async Task One_request_of_jdbc_runs_behind_the_settings_that_it_sends_itself()
    {
        var credential = await IssueAsync("jdbc-once", "request");

        var steps = await OneRequestPrograms.JdbcAsync(credential);

        Assert.That(steps, Is.EqualTo((ClientStep[])[new("first", "first-jdbc"), new("second", "57P01")]));
        await AssertOnlyFirstAsync("jdbc");
    }

    [Test]
    public async Task A_pipelined_batch_of_jdbc_is_more_than_one_request()
    {
        var steps = await OneRequestPrograms.JdbcAsync(await IssueAsync("jdbc-batch", "request"), "batch");

        Assert.That(steps, Is.EqualTo((ClientStep[])[new("batch", "57P01")]));
        await AssertNoSecondAsync("jdbc-batch");
        Assert.That((await _server.PsqlAsync(_database, "select count(*) from batch", null, "-At")).Output, Is.EqualTo("0\n"), "and nothing of it is committed");
    }

    [TestCase("transaction", new[] { "first", "second in the transaction", "request-spent" })]
    [TestCase("autocommit", new[] { "first", "request-spent" })]
    [TestCase("pipeline", new[] { "OperationalError" })]
    public async Task One_request_of_psycopg_is_its_transaction_or_a_statement(string mode, string[] expected)
    {
        var credential = await IssueAsync($"psycopg-{mode}", "request");

        var steps = await OneRequestPrograms.PsycopgAsync(credential, mode);

        Assert.That(steps.Select(step => step.Outcome), Is.EqualTo(expected));
        await AssertNoSecondAsync($"psycopg-{mode}");
    }

    private async Task AssertOnlyFirstAsync(string name)
    {
        await AssertNoSecondAsync(name);
        Assert.That((await _server.ReadStatementLogAsync()).Select(statement => statement.Message), Has.Some.Contains($"first-{name}"));
    }

    /// <summary>A statement that had reached the server would be in its log by now: the client has read an answer that is sent after it.</summary>
    private async Task AssertNoSecondAsync(string name) =>
        Assert.That((await _server.ReadStatementLogAsync()).Select(statement => statement.Message), Has.None.Contains($"second-{name}"));
}
