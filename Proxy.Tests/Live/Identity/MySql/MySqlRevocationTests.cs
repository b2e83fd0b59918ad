using System.Diagnostics;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Host.Identity;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Identity.MySql;

/// <summary>`phigate revoke` against live MySQL sessions of the real program: idle, in a transaction, in a running statement, and many at once; and expiry.</summary>
public sealed class MySqlRevocationTests
{
    private const int ShutDown = 1053;

    private static readonly int SessionCount = Proof.Size(40, 500);

    /// <summary>Enough to open them all before, also on a slow machine: opening one takes some ten milliseconds.</summary>
    private static readonly int TokenSeconds = Proof.Size(6, 26);

    private MariaDbServer _server = null!;
    private PhiGateProcess _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await MariaDbServer.StartAsync(new MariaDbServerOptions { LogStatements = true, MaxConnections = SessionCount + 40 });
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            MariaDb = _server,
            Database = await _server.CreateDatabaseAsync("revoked"),
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

    private Task<MySqlWireClient> OpenAsync(string agent) =>
        MySqlWireClient.OpenAsync(_gateway.EndpointWith(_gateway.Sign(new DevelopmentTokenRequest { Subject = agent, Groups = [PhiGateOptions.ShowGroup] })));

    private Task<CommandResult> RevokeAsync(string agent) => _gateway.RunToolAsync(null, "revoke", "--socket", _gateway.OperatorSocket, "--agent", agent);

    [Test]
    public async Task Every_live_session_of_an_agent_is_cut_and_nothing_of_it_reaches_the_server_afterwards()
    {
        var clients = new List<MySqlWireClient>();
        for (var i = 0; i < SessionCount; i++)
            clients.Add(await OpenAsync("rogue"));
        var endings = clients.Select((client, i) => Task.Run(() => AskUntilCutAsync(client, i))).ToArray();
        await Eventually.IsTrueAsync(async () => await AskedAsync() >= SessionCount, "they ask");

        var began = Stopwatch.GetTimestamp();
        var revoked = await RevokeAsync("rogue");
        var asked = await AskedAsync();
        var took = Stopwatch.GetElapsedTime(began);
        var ends = await Task.WhenAll(endings);
        foreach (var client in clients)
            await client.DisposeAsync();

        Assert.That((revoked.ExitCode, revoked.Output), Is.EqualTo((0, $"revoked; {SessionCount} live sessions ended\n")), revoked.Errors);
        Assert.That(ends, Has.All.EqualTo(ShutDown));
        Assert.That(await AskedAsync(), Is.EqualTo(asked), "what had not reached the server by then never did");
        Assert.That(async () => await OpenAsync("rogue"), Throws.InvalidOperationException.With.Message.Contains("phigate code=access-revoked "));
        Proof.Record("Revocation over MySQL", $"{SessionCount} live sessions over {took.TotalMilliseconds:0} ms after `phigate revoke` was started, the start of the program included");
    }

    [Test]
    public async Task A_statement_that_does_not_end_is_cut_and_killed_at_the_server()
    {
        await using var client = await OpenAsync("sleeper");
        await client.SendPacketAsync(0, [3, .. "select sleep(600), 'of the sleeper'"u8]);
        await Eventually.IsTrueAsync(async () => await SleepersAsync() == 1, "the statement runs");

        var revoked = await RevokeAsync("sleeper");

        Assert.That(revoked.Output, Is.EqualTo("revoked; 1 live sessions ended\n"), revoked.Errors);
        Assert.That((await client.ReceiveAsync())?.Message, Does.StartWith("phigate code=session-revoked "));
        await Eventually.IsTrueAsync(async () => await SleepersAsync() == 0, "the statement runs no more");
    }

    [Test]
    public async Task A_session_ends_with_its_token_and_the_client_reads_why()
    {
        await using var client = await MySqlWireClient.OpenAsync(_gateway.EndpointWith(_gateway.Token(PhiGateOptions.ShowGroup, "short", lifetimeSeconds: 3)));

        var last = await client.ReceiveAsync();

        Assert.That((last?.ErrorNumber, last?.SqlState), Is.EqualTo(((int?)ShutDown, "08S01")));
        Assert.That(last!.Message, Does.StartWith("phigate code=session-expired "));
        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    /// <summary>A third is idle, a third asks all the time, a third is in a transaction.</summary>
    private static async Task<int?> AskUntilCutAsync(MySqlWireClient client, int number)
    {
        try
        {
            if (number % 3 == 2)
                await client.QueryAsync("begin");
            while (number % 3 != 0)
                if ((await client.QueryAsync("select 'rogue'"))[^1] is { IsError: true } cut)
                    return cut.ErrorNumber;
        }
        catch (IOException)
        {
            // It could not be sent any more; why, is there to be read.
        }

        return (await client.ReceiveAsync())?.ErrorNumber;
    }

    private async Task<long> AskedAsync()
    {
        await using var connection = await _server.OpenAsync();
        await using var command = new MySqlCommand("select count(*) from mysql.general_log where argument = 'select ''rogue'''", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<long> SleepersAsync()
    {
        await using var connection = await _server.OpenAsync();
        await using var command = new MySqlCommand("select count(*) from information_schema.processlist where info like '%of the sleeper%' and user <> 'admin'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [Test]
    public async Task Every_session_of_a_token_ends_with_it_and_nothing_reaches_the_server_afterwards()
    {
        var endpoint = _gateway.EndpointWith(_gateway.Token(PhiGateOptions.ShowGroup, "expiring", lifetimeSeconds: TokenSeconds));
        var clients = new List<MySqlWireClient>();
        for (var i = 0; i < SessionCount; i++)
            clients.Add(await MySqlWireClient.OpenAsync(endpoint));

        var ends = await Task.WhenAll(clients.Select((client, i) => Task.Run(() => AskUntilItEndsAsync(client, i))));
        var asked = await AskedAsync();
        foreach (var client in clients)
            await client.DisposeAsync();

        Assert.That(ends, Has.All.EqualTo(ShutDown));
        Assert.That(await AskedAsync(), Is.EqualTo(asked), "what had not reached the server by then never did");
        // Within the clock skew, too: of a session that is over when it begins, a statement could run.
        Assert.That(async () => await MySqlWireClient.OpenAsync(endpoint), Throws.InvalidOperationException.With.Message.Contains("phigate code=token-expired "));
        Proof.Record("Expiry over MySQL", $"{SessionCount} live sessions of one token ended with it, idle, asking and between transactions");
    }

    /// <summary>A third is idle, a third asks all the time, a third has one transaction after the other.</summary>
    private static async Task<int?> AskUntilItEndsAsync(MySqlWireClient client, int number)
    {
        string[] texts = (number % 3) switch
        {
            0 => [],
            1 => ["select 'rogue'"],
            _ => ["begin", "select 'rogue'", "commit"],
        };
        try
        {
            for (var i = 0; texts.Length > 0; i++)
                if ((await client.QueryAsync(texts[i % texts.Length]))[^1] is { IsError: true } cut)
                    return cut.ErrorNumber;
        }
        catch (IOException)
        {
            // It could not be sent any more; why, is there to be read.
        }
        return (await client.ReceiveAsync())?.ErrorNumber;
    }
}
