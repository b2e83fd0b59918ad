using System.Net;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Operations;

/// <summary>SIGTERM to the real program, with clients in every state.</summary>
[CancelAfter(120_000)]
public sealed class DrainTests
{
    private PostgresServer _server = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync("drain");
        await _server.ExecuteAsync(_database, "create table t(a int); grant all on t to public");
    }

    [Test]
    public async Task A_drain_ends_idle_sessions_lets_transactions_finish_and_cuts_the_rest_at_its_deadline(CancellationToken cancellationToken)
    {
        await using var gateway = await StartAsync("drain-timeout-seconds: 5");
        await using var idle = await WireClient.OpenAsync(gateway.Endpoint());
        await using var working = await WireClient.OpenAsync(gateway.Endpoint());
        await using var stuck = await WireClient.OpenAsync(gateway.Endpoint());
        await idle.QueryAsync("select 1");
        await working.QueryAsync("begin");
        await stuck.SendAsync(PostgresRequests.Query("select pg_sleep(600)"));

        await gateway.SignalAsync("TERM");

        Assert.That(LastWords(await idle.ReceiveToEndAsync()), Is.EqualTo("FATAL 57P01 drain"));
        var (status, body) = await gateway.GetAsync("readyz");
        Assert.That((status, body.Contains("draining", StringComparison.Ordinal)), Is.EqualTo((HttpStatusCode.ServiceUnavailable, true)));
        Assert.That(Tags(await working.QueryAsync("insert into t values (1)")), Is.EqualTo("CZ"));
        await working.SendAsync(PostgresRequests.Query("commit"));
        var committed = await working.ReceiveToEndAsync();
        Assert.That((Tags(committed), LastWords(committed)), Is.EqualTo(("CZE", "FATAL 57P01 drain")));
        Assert.That(LastWords(await stuck.ReceiveToEndAsync()), Is.EqualTo("FATAL 57P01 drain"));
        Assert.That(await gateway.WaitForExitAsync(cancellationToken), Is.Zero);
    }

    [Test]
    public async Task A_second_signal_cuts_at_once(CancellationToken cancellationToken)
    {
        await using var gateway = await StartAsync("drain-timeout-seconds: 3600");
        await using var stuck = await WireClient.OpenAsync(gateway.Endpoint());
        await stuck.SendAsync(PostgresRequests.Query("select pg_sleep(600)"));

        await gateway.SignalAsync("TERM");
        await Eventually.IsTrueAsync(
            async () => (await gateway.GetAsync("readyz")).Body.Contains("draining", StringComparison.Ordinal), "/readyz says draining");
        await gateway.SignalAsync("TERM");

        Assert.That(LastWords(await stuck.ReceiveToEndAsync()), Is.EqualTo("FATAL 57P01 drain"));
        Assert.That(await gateway.WaitForExitAsync(cancellationToken), Is.Zero);
    }

    private Task<PhiGateProcess> StartAsync(string limits) =>
        PhiGateProcess.StartAsync(new PhiGateOptions { Server = _server, Database = _database, Limits = limits });

    private static string Tags(IEnumerable<WireFrame> frames) => string.Concat(frames.Select(frame => frame.Type));

    private static string LastWords(IReadOnlyList<WireFrame> frames) => frames is [.., { Type: WireFrame.ErrorResponse } last]
        ? $"{last.Field('S')} {last.Field('C')} {last.Field('D')?.Split("code=")[^1].Split(' ')[0]}"
        : $"none: {string.Join(", ", frames)}";
}
