using System.Diagnostics;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Host.Identity;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>`phigate revoke` against live sessions of the real program: idle, in a transaction, in a running statement, and many at once.</summary>
public sealed class RevocationTests
{
    private static readonly int SessionCount = Proof.Size(40, 500);

    /// <summary>Enough to open them all before, also on a slow machine: opening one takes some ten milliseconds.</summary>
    private static readonly int TokenSeconds = Proof.Size(6, 26);

    private PostgresServer _server = null!;
    private PhiGateProcess _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true, MaxConnections = SessionCount + 40 });
        var database = await _server.CreateDatabaseAsync("revoked");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = _server,
            Database = database,
            TargetSessionsMax = SessionCount + 10,
            Limits = "sessions-per-identity-max: 1000\nsession-end-spread-seconds: 0",
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private string TokenOf(string agent, string? human = null) =>
        _gateway.Sign(new DevelopmentTokenRequest { Subject = agent, Human = human, Groups = [PhiGateOptions.ShowGroup] });

    private Task<WireClient> OpenAsync(string token) => WireClient.OpenAsync(_gateway.EndpointWith(token));

    private Task<CommandResult> RevokeAsync(params IEnumerable<string> arguments) =>
        _gateway.RunToolAsync(null, ["revoke", "--socket", _gateway.OperatorSocket, .. arguments]);

    private static async Task<string?> LastWordsAsync(WireClient client) => (await client.ReceiveToEndAsync())[^1].Field('D')?.Split(' ')[1];

    [Test]
    public async Task Every_live_session_of_an_agent_is_cut_and_nothing_of_it_reaches_the_server_afterwards()
    {
        var token = TokenOf("rogue");
        var clients = new List<WireClient>();
        for (var i = 0; i < SessionCount; i++)
            clients.Add(await OpenAsync(token));
        var endings = clients.Select((client, i) => Task.Run(() => AskUntilCutAsync(client, i))).ToArray();
        await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);

        var began = Stopwatch.GetTimestamp();
        var revoked = await RevokeAsync("--agent", "rogue", "--reason", "it went astray");
        await _server.ExecuteAsync("postgres", "select 'all sessions are over'");
        var took = Stopwatch.GetElapsedTime(began);
        var words = await Task.WhenAll(endings);
        foreach (var client in clients)
            await client.DisposeAsync();
        var again = await Psql.RunAsync(_gateway.EndpointWith(token), "select 1", "-At");
        var log = (await _server.ReadStatementLogAsync()).Select(statement => statement.Message).ToList();

        Assert.That((revoked.ExitCode, revoked.Output), Is.EqualTo((0, $"revoked; {SessionCount} live sessions ended\n")), revoked.Errors);
        Assert.That(words, Has.All.EqualTo("57P01"));
        Assert.That(log.FindIndex(text => text.Contains("all sessions are over", StringComparison.Ordinal)), Is.GreaterThan(log.FindLastIndex(IsOfTheRogue)));
        Assert.That(again.Errors, Does.Contain("phigate code=access-revoked "));
        var record = (await RecordedEvents.OfAsync<DecodedAccessRevoked>(_gateway.JournalDirectory)).Single(record => record.Value == "rogue");
        Assert.That((record.Subject, record.Reason), Is.EqualTo(("agent", "it went astray")));
        Assert.That(record.RevokedBy, Does.Match(@"\(uid \d+\) on this machine$"));
        var cut = (await RecordedEvents.OfAsync<DecodedSessionClosed>(_gateway.JournalDirectory)).Count(closed => closed.Reason.StartsWith("Cancelled", StringComparison.Ordinal));
        Proof.Record("Revocation", $"{SessionCount} live sessions over {took.TotalMilliseconds:0} ms after `phigate revoke` was started, the start of the program included; {cut} of them had to be cut, after a second");
    }

    private static bool IsOfTheRogue(string text) => text.Contains("select 'rogue", StringComparison.Ordinal);

    /// <summary>A third is idle, a third asks all the time, a third is in a transaction.</summary>
    private static async Task<string?> AskUntilCutAsync(WireClient client, int number)
    {
        if (number % 3 == 2)
            await client.QueryAsync("begin");
        while (number % 3 != 0)
        {
            IReadOnlyList<WireFrame> replies;
            try
            {
                replies = await client.QueryAsync("select 'rogue'");
            }
            catch (IOException)
            {
                return (await client.ReceiveToEndAsync())[^1].Field('C');
            }

            if (replies is not [.., { Type: WireFrame.ReadyForQuery }])
                return replies is [.., var last] ? last.Field('C') : null;
        }

        return (await client.ReceiveToEndAsync())[^1].Field('C');
    }

    [Test]
    public async Task A_statement_that_does_not_end_is_cut_and_cancelled_at_the_server()
    {
        await using var client = await OpenAsync(TokenOf("sleeper"));
        await client.SendAsync(PostgresRequests.Query("select pg_sleep(600), 'of the sleeper'"));
        await using var observer = await _server.OpenAsync();
        await Eventually.IsTrueAsync(async () => await SleepersAsync(observer) == 1, "the statement runs");

        var revoked = await RevokeAsync("--agent", "sleeper");

        Assert.That(revoked.Output, Is.EqualTo("revoked; 1 live sessions ended\n"), revoked.Errors);
        Assert.That(await LastWordsAsync(client), Is.EqualTo("code=session-revoked"));
        await Eventually.IsTrueAsync(async () => await SleepersAsync(observer) == 0, "the statement runs no more");
    }

    private static async Task<long> SleepersAsync(NpgsqlConnection observer)
    {
        await using var command = new NpgsqlCommand("select count(*) from pg_stat_activity where query like '%of the sleeper%' and wait_event = 'PgSleep'", observer);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [TestCase("--human")]
    [TestCase("--token-id")]
    [TestCase("--session")]
    public async Task It_reaches_sessions_by_human_token_and_session_and_leaves_others_alone(string what)
    {
        await using var cut = await OpenAsync(TokenOf($"agent-of{what}", "human-of" + what));
        await using var spared = await OpenAsync(TokenOf($"other-of{what}", "other-human-of" + what));
        var session = (await RecordedEvents.OfAsync<DecodedSessionOpened>(_gateway.JournalDirectory)).Last(opened => opened.Human == "human-of" + what);
        var value = what switch { "--human" => session.Human, "--token-id" => session.TokenId, _ => session.SessionId.ToString() };

        var revoked = await RevokeAsync(what, value);

        Assert.That(revoked.Output, Is.EqualTo("revoked; 1 live sessions ended\n"), revoked.Errors);
        Assert.That(await LastWordsAsync(cut), Is.EqualTo("code=session-revoked"));
        Assert.That((await spared.QueryAsync("select 1"))[^1].Type, Is.EqualTo(WireFrame.ReadyForQuery));
    }

    [Test]
    public async Task What_was_revoked_is_listed_and_can_be_lifted()
    {
        await RevokeAsync("--human", "lifted-human");
        var listed = await RevokeAsync("--list");
        var lifted = await RevokeAsync("--human", "lifted-human", "--lift");
        var admitted = await Psql.RunAsync(_gateway.EndpointWith(TokenOf("any", "lifted-human")), "select 42", "-At");

        Assert.That(listed.Output, Does.Contain("human lifted-human "));
        Assert.That((lifted.ExitCode, lifted.Output), Is.EqualTo((0, "lifted\n")), lifted.Errors);
        Assert.That(admitted.Output, Is.EqualTo("42\n"), admitted.Errors);
    }

    [Test]
    public async Task Sessions_are_listed_with_who_is_behind_them()
    {
        await using var client = await OpenAsync(TokenOf("listed-agent", "listed-human"));

        var listed = await _gateway.RunToolAsync(null, "sessions", "--socket", _gateway.OperatorSocket);

        Assert.That(listed.Output, Does.Contain("\"agent\":\"listed-agent\",\"human\":\"listed-human\""), listed.Errors);
    }

    [Test]
    public async Task A_session_ends_with_its_token_and_the_client_reads_why()
    {
        await using var client = await OpenAsync(_gateway.Token(PhiGateOptions.ShowGroup, "short", lifetimeSeconds: 3));

        Assert.That(await LastWordsAsync(client), Is.EqualTo("code=session-expired"));
    }

    [Test]
    public async Task A_configuration_that_is_wrong_elsewhere_still_says_whom_to_tell()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.Combine("gateway.yaml"), $"admin: {{ socket: {_gateway.OperatorSocket} }}\nlisteners: nonsense\n");

        var revoked = await _gateway.RunToolAsync(null, "revoke", "--config", directory.Path, "--session", Guid.NewGuid().ToString());

        Assert.That((revoked.ExitCode, revoked.Output), Is.EqualTo((0, "revoked; 0 live sessions ended\n")), revoked.Errors);
    }

    /// <summary>All at once, since this fixture's ends are not spread. What lies behind the marker in the server's log came from nobody of them.</summary>
    [Test]
    public async Task Every_session_of_a_token_ends_with_it_and_nothing_reaches_the_server_afterwards()
    {
        var token = _gateway.Token(PhiGateOptions.ShowGroup, "expiring", lifetimeSeconds: TokenSeconds);
        var clients = new List<WireClient>();
        for (var i = 0; i < SessionCount; i++)
            clients.Add(await OpenAsync(token));

        var words = await Task.WhenAll(clients.Select((client, i) => Task.Run(() => AskUntilItEndsAsync(client, i))));
        await _server.ExecuteAsync("postgres", "select 'all tokens are over'");
        foreach (var client in clients)
            await client.DisposeAsync();
        // Within the clock skew, too: of a session that is over when it begins, a statement could run.
        var again = await Psql.RunAsync(_gateway.EndpointWith(token), "select 1", "-At");
        var log = (await _server.ReadStatementLogAsync()).Select(statement => statement.Message).ToList();

        Assert.That(words, Has.All.EqualTo(("57P01", "code=session-expired")));
        var lastOne = log.FindLastIndex(static text => text.Contains("select 'expiring", StringComparison.Ordinal));
        Assert.That(lastOne, Is.GreaterThanOrEqualTo(0));
        Assert.That(log.FindIndex(static text => text.Contains("all tokens are over", StringComparison.Ordinal)), Is.GreaterThan(lastOne));
        Assert.That(again.Errors, Does.Contain("phigate code=token-expired "));
        var closed = (await RecordedEvents.OfAsync<DecodedSessionClosed>(_gateway.JournalDirectory)).Select(session => session.Reason).ToList();
        Proof.Record("Expiry", $"{SessionCount} live sessions of one token ended with it, idle, asking and between transactions; {closed.Count(reason => reason.StartsWith("Cancelled", StringComparison.Ordinal))} sessions of the run had to be cut");
    }

    /// <summary>A third is idle, a third asks all the time, a third has one transaction after the other. The last words: their code, and PhiGate's.</summary>
    private static async Task<(string? Code, string? Reason)> AskUntilItEndsAsync(WireClient client, int number)
    {
        string[] texts = (number % 3) switch
        {
            0 => [],
            1 => ["select 'expiring'"],
            _ => ["begin", "select 'expiring'", "commit"],
        };
        WireFrame? last = null;
        try
        {
            for (var i = 0; texts.Length > 0 && last is null; i++)
                if (await client.QueryAsync(texts[i % texts.Length]) is [.., { Type: not WireFrame.ReadyForQuery } end])
                    last = end;
        }
        catch (IOException)
        {
            // It could not be sent any more; why, is there to be read.
        }
        last ??= (await client.ReceiveToEndAsync())[^1];
        return (last.Field('C'), last.Field('D')?.Split(' ')[1]);
    }

    [Test]
    public async Task A_revocation_that_would_be_about_nobody_or_over_at_once_is_none_and_says_so()
    {
        var misspelt = await RevokeAsync("--agent", "somebody", "--issuer", "no-such-issuer");
        var past = await RevokeAsync("--agent", "somebody", "--hours=-1");
        var endless = await RevokeAsync("--agent", "somebody", "--hours", "2000000000");
        var listed = await RevokeAsync("--list");
        var named = await RevokeAsync("--agent", "somebody", "--issuer", "development");
        var given = await RevokeAsync("--agent", "somebody-else", "--issuer", DevelopmentTokenRequest.DefaultIssuer);

        Assert.That((misspelt.ExitCode, misspelt.Output), Is.EqualTo((1, "")));
        Assert.That(misspelt.Errors, Does.Contain("no issuer of gateway.yaml is called no-such-issuer"));
        Assert.That((past.ExitCode, endless.ExitCode, endless.Output), Is.EqualTo((64, 1, "")), past.Errors + endless.Errors);
        Assert.That(listed.Output, Does.Not.Contain("somebody"));
        Assert.That((named.Output, given.Output), Is.EqualTo(("revoked; 0 live sessions ended\n", "revoked; 0 live sessions ended\n")), named.Errors + given.Errors);
        Assert.That(async () => await OpenAsync(TokenOf("somebody")), Throws.InvalidOperationException.With.Message.Contains("has been revoked"));
    }
}
