using System.Globalization;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Operations;

/// <summary>What a session may hold and ask for: past each limit there is a clear refusal, and where the session can go on, it does.</summary>
public sealed class SessionLimitTests
{
    private PostgresServer _server = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync();
    }

    [Test]
    public async Task A_bind_with_more_parameters_than_allowed_is_refused_and_the_session_goes_on()
    {
        await using var gateway = await GatewayAsync(new Limits { ParametersMax = 2 });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await client.SendAsync(
            PostgresRequests.Parse("", "select $1::int4, $2::int4, $3::int4"), PostgresRequests.Bind("", "", "1", "2", "3"), PostgresRequests.Execute(""),
            PostgresRequests.Sync());
        var replies = await client.ReceiveUntilReadyAsync();
        Assert.That(Codes(replies), Is.EqualTo(new[] { "too-many-parameters" }));
        Assert.That(await AnswersAsync(client), Is.True);
    }

    [Test]
    public async Task Prepared_statements_cannot_pass_their_limit_by_being_pipelined()
    {
        await using var gateway = await GatewayAsync(new Limits { PreparedStatementsMax = 3 });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await client.SendAsync([.. Enumerable.Range(1, 5).SelectMany(i =>
            new ReadOnlyMemory<byte>[] { PostgresRequests.Parse(Name(i), "select 1"), PostgresRequests.Sync() })]);
        var replies = await client.ReceiveUntilReadyAsync(5);
        Assert.That(replies.Count(frame => frame.Type == '1'), Is.EqualTo(3));
        Assert.That(Codes(replies), Is.EqualTo(new[] { "too-many-prepared-statements", "too-many-prepared-statements" }));
    }

    [Test]
    public async Task The_statements_of_sql_count_as_well_and_closing_one_makes_room()
    {
        await using var gateway = await GatewayAsync(new Limits { PreparedStatementsMax = 1 });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        Assert.That(Codes(await client.QueryAsync("prepare a as select 1")), Is.Empty);
        Assert.That(Codes(await client.QueryAsync("prepare b as select 1")), Is.EqualTo(new[] { "too-many-prepared-statements" }));
        await client.QueryAsync("deallocate a");
        Assert.That(Codes(await client.QueryAsync("prepare b as select 1")), Is.Empty);
    }

    [Test]
    public async Task Portals_and_cursors_share_a_limit()
    {
        await using var gateway = await GatewayAsync(new Limits { PortalsMax = 2 });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await client.QueryAsync("begin");
        await client.QueryAsync("declare c cursor for select 1");
        await client.SendAsync(
            PostgresRequests.Parse("", "select 1"), PostgresRequests.Bind("p", ""), PostgresRequests.Bind("q", ""), PostgresRequests.Sync());
        var replies = await client.ReceiveUntilReadyAsync();
        Assert.That(replies.Count(frame => frame.Type == '2'), Is.EqualTo(1));
        Assert.That(Codes(replies), Is.EqualTo(new[] { "too-many-prepared-statements" }));
    }

    [Test]
    public async Task A_message_over_the_limit_is_refused_unread_and_the_session_goes_on()
    {
        await using var gateway = await GatewayAsync(new Limits { MessageBytesMax = 70_000 });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        Assert.That(Codes(await client.QueryAsync($"select '{new string('x', 80_000)}'")), Is.EqualTo(new[] { "statement-too-long" }));
        Assert.That(await AnswersAsync(client), Is.True);
    }

    [Test]
    public async Task A_session_that_keeps_being_refused_is_ended_and_told_so()
    {
        await using var gateway = await GatewayAsync(new Limits { RefusalsMax = 3, ParametersMax = 1 });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        for (var i = 0; i < 3; i++)
            await client.SendAsync(PostgresRequests.Bind("", "", "1", "2"), PostgresRequests.Sync());
        Assert.That(Codes(await client.ReceiveToEndAsync()).Last(), Is.EqualTo("too-many-refusals"));
    }

    [Test]
    public async Task A_session_that_runs_into_the_same_refusal_again_and_again_is_ended_and_what_ran_in_between_counts_for_it()
    {
        await using var gateway = await GatewayAsync(new Limits { RepeatedRefusalsMax = 3, ParametersMax = 1 });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        for (var i = 0; i < 2; i++)
            await client.SendAsync(PostgresRequests.Bind("", "", "1", "2"), PostgresRequests.Sync());
        await client.QueryAsync("select 1");
        for (var i = 0; i < 3; i++)
        {
            await client.QueryAsync("begin");
            await client.QueryAsync("rollback");
            await client.SendAsync(PostgresRequests.Bind("", "", "1", "2"), PostgresRequests.Sync());
        }

        Assert.That(Codes(await client.ReceiveToEndAsync()).Last(), Is.EqualTo("too-many-refusals"));
    }

    [Test]
    public async Task A_session_that_hides_in_a_transaction_is_ended_all_the_same()
    {
        await using var gateway = await GatewayAsync(new Limits { RefusalsMax = 2, ParametersMax = 1 });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await client.QueryAsync("begin");
        for (var i = 0; i < 4; i++)
            await client.SendAsync(PostgresRequests.Bind("", "", "1", "2"), PostgresRequests.Sync());
        Assert.That(Codes(await client.ReceiveToEndAsync()).Last(), Is.EqualTo("too-many-refusals"));
    }

    [TestCase("select 1")]
    [TestCase("begin")]
    public async Task An_idle_session_is_told_before_it_is_closed(string last)
    {
        await using var gateway = await GatewayAsync(new Limits { IdleTimeout = TimeSpan.FromSeconds(1) });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await client.QueryAsync(last);
        var end = (await client.ReceiveToEndAsync()).Single();
        Assert.That((end.Field('S'), end.Field('C'), Codes([end]).Single()), Is.EqualTo(("FATAL", "57P05", "deadline-passed")));
    }

    [Test]
    public async Task A_session_is_not_idle_while_its_statement_runs()
    {
        await using var gateway = await GatewayAsync(new Limits { IdleTimeout = TimeSpan.FromSeconds(1) });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        Assert.That((await client.QueryAsync("select pg_sleep(3)")).Select(frame => frame.Type), Is.EqualTo("TDCZ"));
    }

    [Test]
    public async Task A_client_that_does_not_sign_in_is_told_that_it_took_too_long()
    {
        await using var gateway = await GatewayAsync(new Limits { StartupTimeout = TimeSpan.FromSeconds(1) });
        await using var client = await WireClient.ConnectAsync(gateway.Endpoint.Host, gateway.Endpoint.Port);
        await client.SendAsync(PostgresRequests.Startup("agent", _database));
        var replies = await client.ReceiveToEndAsync();
        Assert.That(replies[^1].Field('C'), Is.EqualTo("57P05"));
    }

    private Task<GatewayHarness> GatewayAsync(Limits limits) =>
        GatewayHarness.StartAsync(_server, _database, GatewayHarness.ShowEverything, limits: limits);

    private static async Task<bool> AnswersAsync(WireClient client) => (await client.QueryAsync("select 1")).Any(frame => frame.Type == 'D');

    private static string Name(int i) => i.ToString(CultureInfo.InvariantCulture);

    /// <summary>The codes of refusals among the replies; a server's own error shows as its SQLSTATE.</summary>
    private static string[] Codes(IEnumerable<WireFrame> replies) =>
        [.. replies.Where(frame => frame.Type == WireFrame.ErrorResponse).Select(frame =>
            frame.Field('D')?.Split("code=") is [_, var rest] ? rest.Split(' ')[0] : frame.Field('C') ?? "")];
}
