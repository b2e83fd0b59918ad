using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Operations;

/// <summary>What the rules set on a session stays set, whatever the client tries; a real server is the judge.</summary>
public sealed class ImposedSettingTests
{
    private static readonly AccessPolicy Policy = new(
        [
            new AccessRule
            {
                Name = "readers",
                Risk = new RiskCondition
                {
                    Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Write | RiskClasses.BulkWrite | RiskClasses.Session,
                },
                Verdict = Verdict.Mask,
                Profile = MaskProfile.Redacted,
                Session = new SessionSettings { ReadOnly = true, StatementTimeoutMs = 5000, LockTimeoutMs = 4000, IdleInTransactionTimeoutMs = 60000 },
            },
        ],
        "read only");

    private PostgresServer _server = null!;
    private string _database = null!;
    private GatewayHarness _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync();
        await _server.ExecuteAsync(_database, "create table t(a int); grant all on t to public");
        _gateway = await GatewayHarness.StartAsync(_server, _database, Policy);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("set default_transaction_read_only = off")]
    [TestCase("set default_transaction_read_only to default")]
    [TestCase("set session default_transaction_read_only = 'false'")]
    [TestCase("set session characteristics as transaction read write")]
    [TestCase("reset default_transaction_read_only")]
    [TestCase("reset all")]
    [TestCase("discard all")]
    [TestCase("select set_config('default_transaction_read_only', 'off', false)")]
    [TestCase("prepare p as select set_config('default_transaction_read_only', 'off', false); execute p")]
    [TestCase("begin read write")]
    [TestCase("start transaction isolation level serializable, read write")]
    [TestCase("begin read only read write")]
    [TestCase("begin; set transaction read write")]
    [TestCase("begin; set transaction isolation level read committed, read write")]
    [TestCase("begin; set transaction_read_only = off")]
    [TestCase("begin; set local transaction_read_only to default")]
    [TestCase("begin; reset transaction_read_only")]
    [TestCase("begin; select set_config('transaction_read_only', 'off', true)")]
    [TestCase("begin; commit and chain")]
    [TestCase("begin; rollback and chain")]
    [TestCase("begin; savepoint s; rollback to s")]
    public async Task A_read_only_session_stays_read_only_after(string attempt)
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint);
        foreach (var statement in attempt.Split("; "))
            await client.QueryAsync(statement);
        // With what is open still open, and once more in a transaction of its own.
        await client.QueryAsync("insert into t values (1)");
        await client.QueryAsync("commit");
        await client.QueryAsync("insert into t values (2)");
        Assert.That(await RowsAsync(), Is.Zero);
    }

    [Test]
    public async Task The_extended_protocol_is_no_way_round()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint);
        foreach (var statement in new[] { "begin read write", "set default_transaction_read_only = off", "insert into t values (1)", "commit" })
        {
            await client.SendAsync(PostgresRequests.Parse("", statement), PostgresRequests.Bind("", ""), PostgresRequests.Execute(""), PostgresRequests.Sync());
            await client.ReceiveUntilReadyAsync();
        }
        Assert.That(await RowsAsync(), Is.Zero);
    }

    [Test]
    public async Task Start_up_options_of_the_client_come_second()
    {
        var endpoint = _gateway.Endpoint;
        await using var client = await WireClient.ConnectAsync(endpoint.Host, endpoint.Port);
        await client.LogInAsync(
            PostgresRequests.Startup([("user", endpoint.User), ("database", endpoint.Database), ("options", "-c default_transaction_read_only=off -c Statement_Timeout=0")]),
            endpoint.User, endpoint.Password);
        await client.QueryAsync("insert into t values (1)");
        Assert.That((await RowsAsync(), await ShowAsync(client, "statement_timeout")), Is.EqualTo((0L, "5s")));
    }

    [TestCase("set statement_timeout = 0", "5s")]
    [TestCase("set statement_timeout = 5001", "5s")]
    [TestCase("set statement_timeout = '1h'", "5s")]
    [TestCase("set statement_timeout = '0x1fffff'", "5s")]
    [TestCase("set local statement_timeout = -1", "5s")]
    [TestCase("select set_config('statement_timeout', '0', false)", "5s")]
    [TestCase("set statement_timeout = 100; reset statement_timeout", "5s")]
    [TestCase("set statement_timeout = 100; discard all", "5s")]
    [TestCase("set statement_timeout = '6s'", "5s")]
    [TestCase("set statement_timeout = '1min'", "5s")]
    [TestCase("set statement_timeout = '0s'", "5s")]
    [TestCase("set statement_timeout = '1ss'", "5s")]
    [TestCase("set statement_timeout = '4294968s'", "5s")]
    [TestCase("set statement_timeout = 100", "100ms")]
    [TestCase("set statement_timeout = '3s'", "3s")]
    [TestCase("set statement_timeout = '250ms'", "250ms")]
    public async Task A_timeout_can_be_shortened_and_nothing_else(string attempt, string shown)
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint);
        foreach (var statement in attempt.Split("; "))
            await client.QueryAsync(statement);
        Assert.That(await ShowAsync(client, "statement_timeout"), Is.EqualTo(shown));
    }

    [Test]
    public async Task What_is_refused_is_named()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint);
        var error = (await client.QueryAsync("begin read write")).First(frame => frame.Type == WireFrame.ErrorResponse);
        Assert.That(error.Field('D'), Does.Contain("code=setting-not-allowed").And.Contain("transaction_read_only"));
    }

    private async Task<long> RowsAsync()
    {
        await using var connection = await _server.OpenAsync(_database);
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from t";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string> ShowAsync(WireClient client, string setting)
    {
        var row = (await client.QueryAsync($"show {setting}")).Single(frame => frame.Type == 'D');
        return Encoding.UTF8.GetString(row.Body.AsSpan(6));
    }
}
