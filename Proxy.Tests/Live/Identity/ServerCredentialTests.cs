using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Host.Identity;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Identity;

/// <summary>How the real program logs in to a server: credentials of a program, rotated under it; which user; and what the server sees of a session.</summary>
public sealed class ServerCredentialTests
{
    private const string Rules = """
        version: 1
        rules:
          - name: writers
            who: { groups: [writers] }
            risk: { within: [read, bulk-read, session] }
            verdict: allow
            profile: unmasked
            session: { database-user: writer }
          - name: readers
            risk: { within: [read, bulk-read, session] }
            verdict: allow
            profile: unmasked
        """;

    private PostgresServer _server = null!;
    private PhiGateProcess _gateway = null!;
    private TemporaryDirectory _directory = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _directory = new TemporaryDirectory();
        _server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            LogStatements = true,
            Settings = new Dictionary<string, string> { ["log_connections"] = "on" },
        });
        var database = await _server.CreateDatabaseAsync("credentials");
        await _server.ExecuteAsync(database, """
            create role first_user login password 'canary-first';
            create role second_user login password 'canary-second';
            create role writer login password 'canary-writer'
            """);
        await GiveAsync("""{"user":"first_user","password":"canary-first"}""");
        var program = _directory.Combine("plug-in");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho x >> {Calls}\ncat {_directory.Combine("credential")}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(_directory.Combine("writer"), "canary-writer\n");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = _server,
            Database = database,
            Rules = Rules,
            Credential = $"{{ command: {{ run: [{program}], cache-seconds: 3600 }} }}",
            Target = $"database-users: {{ writer: {{ file: {_directory.Combine("writer")} }} }}",
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _directory.Dispose();
    }

    private string Calls => _directory.Combine("calls");

    private async Task<int> CallCountAsync() => (await File.ReadAllLinesAsync(Calls)).Length;

    private Task GiveAsync(string credential) => File.WriteAllTextAsync(_directory.Combine("credential"), credential);

    private Task<CommandResult> AskAsync(string sql = "select session_user", string group = "readers") =>
        Psql.RunAsync(_gateway.EndpointWith(_gateway.Sign(new DevelopmentTokenRequest { Subject = "claude", Human = "kim@example.com", Groups = [group] })), sql, "-At");

    [Test]
    public async Task A_program_gives_the_credential_and_is_not_asked_again_while_it_is_good()
    {
        var first = await AskAsync();
        var calls = await CallCountAsync();
        var second = await AskAsync();
        Assert.That(first.Output, Does.EndWith("_user\n").And.EqualTo(second.Output), first.Errors + second.Errors);
        Assert.That(await CallCountAsync(), Is.EqualTo(calls));
    }

    [Test]
    public async Task A_rule_says_which_database_user_a_session_arrives_as()
    {
        var asked = await AskAsync(group: "writers");
        Assert.That(asked.Output, Is.EqualTo("writer\n"), asked.Errors);
        Assert.That((await RecordedEvents.OfAsync<DecodedSessionOpened>(_gateway.JournalDirectory))[^1].DatabaseUser, Is.EqualTo("writer"));
    }

    [Test]
    public async Task The_server_sees_session_agent_and_human_and_the_client_what_it_called_itself()
    {
        await using var client = await WireClient.OpenAsync(_gateway.EndpointWith(_gateway.Sign(
            new DevelopmentTokenRequest { Subject = "claude", Human = "kim@example.com", Groups = ["readers"] })));
        var opened = (await RecordedEvents.OfAsync<DecodedSessionOpened>(_gateway.JournalDirectory))[^1];
        // The log is written by another process.
        await Eventually.IsTrueAsync(
            async () => (await _server.ReadConnectionLogAsync()).Any(name => name.StartsWith(opened.SessionId.ToString("N"), StringComparison.Ordinal)), "the server's log has the session's id");
        Assert.That(
            client.StartupReplies.Where(reply => reply.Type == 'S').Select(reply => Encoding.UTF8.GetString(reply.Body)), Does.Contain("application_name\0\0"));
    }

    [Test]
    public async Task A_rejected_credential_is_fetched_once_more_and_a_wrong_one_refuses_without_detail()
    {
        await AskAsync();
        await GiveAsync("""{"user":"second_user","password":"canary-second"}""");
        await _server.ExecuteAsync("postgres", "alter role first_user password 'canary-changed'");
        var rotated = await AskAsync();
        var calls = await CallCountAsync();
        await _server.ExecuteAsync("postgres", "alter role second_user password 'canary-changed'");
        var refused = await AskAsync();
        var callsAfter = await CallCountAsync();
        await _server.ExecuteAsync("postgres", "alter role second_user password 'canary-second'");
        var restored = await AskAsync();

        Assert.That((rotated.Output, restored.Output), Is.EqualTo(("second_user\n", "second_user\n")), rotated.Errors + restored.Errors);
        Assert.That(refused.Errors, Does.Contain("phigate code=server-unavailable ").And.Not.Contain("second_user").And.Not.Contain("canary"));
        Assert.That(callsAfter, Is.EqualTo(calls), "it is asked at most once in ten seconds");
        Assert.That((await RecordedEvents.OfAsync<DecodedSignInRefused>(_gateway.JournalDirectory)).Select(record => record.Detail), Has.Some.Contains("28P01"));
        Assert.That(_gateway.Output, Does.Not.Contain("canary"));
        foreach (var file in Directory.GetFiles(_gateway.JournalDirectory).Where(static path => !path.EndsWith(".lock", StringComparison.Ordinal) && !path.EndsWith(".sock", StringComparison.Ordinal)))
            Assert.That((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("canary"u8), Is.EqualTo(-1), file);
    }

    [Test]
    public async Task Over_MySQL_too_a_rejected_credential_is_fetched_once_more_with_the_user_that_it_is_of()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync("rotated");
        foreach (var user in new[] { "first", "second" })
        {
            await server.ExecuteAsync(database, $"create user {user}_user@'%' identified by 'canary-{user}'");
            await server.ExecuteAsync(database, $"grant select on {database}.* to {user}_user@'%'");
        }
        var (given, program) = (_directory.Combine("mysql-credential"), _directory.Combine("mysql-plug-in"));
        await File.WriteAllTextAsync(given, """{"user":"first_user","password":"canary-first"}""");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\ncat {given}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            MariaDb = server,
            Database = database,
            Credential = $"{{ command: {{ run: [{program}], cache-seconds: 3600 }} }}",
        });
        Task<CommandResult> WhoAsync() => MariaDbClient.RunAsync(gateway.Endpoint(), "select current_user()", "--skip-column-names");

        var first = await WhoAsync();
        await File.WriteAllTextAsync(given, """{"user":"second_user","password":"canary-second"}""");
        await server.ExecuteAsync(database, "alter user first_user@'%' identified by 'canary-changed'");
        var second = await WhoAsync();

        Assert.That((first.Output, second.Output), Is.EqualTo(("first_user@%\n", "second_user@%\n")), first.Errors + second.Errors);
        Assert.That(gateway.Output, Does.Not.Contain("canary"));
    }
}
