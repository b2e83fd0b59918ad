using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Tampering;

/// <summary>
/// Somebody between client and gateway, or between gateway and server, who changes, drops, repeats or cuts TLS records: nothing runs by half or twice,
/// nothing is shown by half, and the record and a metric say what happened.
/// </summary>
[NonParallelizable]
public sealed class TamperingTests
{
    private PostgresServer _server = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync("tampered");
        await _server.ExecuteAsync(_database, "create table t(n int); create table rows as select g as n, repeat('x', 200) as filler from generate_series(1, 1000) g; grant all on t, rows to public");
    }

    /// <summary>A statement is on its way to the server when its record is tampered with; another follows.</summary>
    [Test]
    public async Task A_statement_that_is_tampered_with_does_not_run([Values] bool clientLeg, [Values] RecordFault fault)
    {
        await _server.ExecuteAsync(_database, "truncate t");
        using var incidents = new TlsIncidentCount();
        await using var scene = await SceneAsync(clientLeg, fault, towardsServer: true);
        await scene.Client.QueryAsync("select 1");

        scene.Relay.Arm();
        await TryAsync(() => scene.Client.SendAsync(PostgresRequests.Query("insert into t values (1)")));
        await Eventually.IsTrueAsync(() => Task.FromResult(scene.Relay.HasActed), "the record has passed");
        await TryAsync(() => scene.Client.SendAsync(PostgresRequests.Query("insert into t values (2)")));
        var (answers, _) = await ReceiveToEndAsync(scene.Client);

        var end = await scene.EndAsync();
        // What is repeated behind a whole record may find that record's statement run already, once.
        Assert.That(answers.Count(frame => frame.Type == 'C'), Is.LessThanOrEqualTo(fault is RecordFault.Replay ? 1 : 0));
        Assert.That(await RowsAsync(), fault is RecordFault.Replay ? Is.AnyOf("", "1") : Is.Empty);
        Assert.That(end, Is.EqualTo((clientLeg, fault) switch
        {
            (true, RecordFault.CutBefore or RecordFault.CutWithin) => "ClientDisconnected",
            (true, _) => "ClientTlsBroken",
            // The server noticed, and closed.
            _ => end is "ServerTlsBroken" or "ServerClosed" ? end : "ServerClosed",
        }));
        if (clientLeg && end is "ClientTlsBroken")
            Assert.That(incidents.Seen, Does.Contain("client broken"));
    }

    /// <summary>Rows are on their way to the client when a record of them is tampered with.</summary>
    [Test]
    public async Task An_answer_that_is_tampered_with_is_not_shown_by_half([Values] bool clientLeg, [Values] RecordFault fault)
    {
        using var incidents = new TlsIncidentCount();
        await using var scene = await SceneAsync(clientLeg, fault, towardsServer: false);
        await scene.Client.QueryAsync("select 1");

        scene.Relay.Arm();
        await scene.Client.SendAsync(PostgresRequests.Query("select n, filler from rows order by n"));
        await TryAsync(() => scene.Client.SendAsync(PostgresRequests.Query("select 2")));
        var (answers, isCut) = await ReceiveToEndAsync(scene.Client);
        if (clientLeg)
            scene.Client.Reset(); // It has noticed, and goes.
        var end = await scene.EndAsync();

        var rows = answers.Where(frame => frame.Type == 'D').Select(frame => frame.Body.Length).Distinct().ToArray();
        Assert.That(rows, Has.Length.LessThanOrEqualTo(4), "whole rows only: they differ by the digits of n");
        Assert.That(answers.Any(frame => frame.Type == 'Z'), Is.False, "no answer is complete");
        if (clientLeg)
        {
            Assert.That(end, Is.EqualTo("ClientDisconnected").Or.EqualTo("ClientTlsBroken"));
            return;
        }
        Assert.That(end, Is.EqualTo(fault is RecordFault.CutBefore or RecordFault.CutWithin ? "ServerClosed" : "ServerTlsBroken"));
        // A row that is shown as it is goes on as it comes: inside one, nothing can be said any more.
        Assert.That(isCut ? "server-unavailable" : answers[^1].Field('D'), Does.Contain("server-unavailable"));
        if (end is "ServerTlsBroken")
            Assert.That(incidents.Seen, Does.Contain("server broken"));
    }

    [TestCase("N", "not-offered")]
    [TestCase("certificate of another name", "certificate-rejected")]
    [TestCase("expired certificate", "certificate-rejected")]
    [TestCase("TLS 1.1", "handshake")]
    [TestCase("bytes before", "bytes-before")]
    public async Task A_server_whose_TLS_is_not_as_it_should_be_gets_no_login(string fault, string reason)
    {
        using var incidents = new TlsIncidentCount();
        var logins = 0;
        await using var impostor = new ScriptedServer(async session =>
        {
            switch (fault)
            {
                case "N":
                    await session.ReadUntypedAsync();
                    await session.SendAsync("N"u8.ToArray());
                    break;
                case "bytes before":
                    await session.ReadUntypedAsync();
                    await session.SendAsync((byte[])[(byte)'S', .. PostgresReplies.AuthenticationOk()]);
                    break;
                case "TLS 1.1":
                    await session.ReadUntypedAsync();
                    await session.SendAsync("S"u8.ToArray());
                    await session.ReadBytesAsync(5); // Of the ClientHello: the handshake has begun.
                    // A ServerHello of 1.1, as far as a client reads it.
                    await session.SendAsync((byte[])[0x16, 3, 2, 0, 0x2A, 2, 0, 0, 0x26, 3, 2, .. new byte[32], 0, 0, 0x2F, 0]);
                    await session.StallAsync();
                    break;
                default:
                    await session.ReadStartupAsync(fault.StartsWith("expired", StringComparison.Ordinal)
                        ? TestCertificates.Shared.Issue("localhost", DateTimeOffset.UtcNow.AddHours(-1))
                        : TestCertificates.Shared.Issue("elsewhere.test"));
                    break;
            }
            if (await session.ReceiveAsync() is not null)
                Interlocked.Increment(ref logins);
        });
        await using var gateway = await GatewayHarness.StartAsync(
            _server, _database, GatewayHarness.ShowEverything, faults: new HarnessFaults { SessionPort = impostor.Port });
        var refused = await Assert.CatchAsync<InvalidOperationException>(async () => await (await WireClient.OpenAsync(gateway.Endpoint)).DisposeAsync());

        Assert.That(refused!.Message, Does.Contain("08006 TLS with the database server failed"));
        Assert.That((logins, incidents.Seen.ToArray()), Is.EqualTo((0, new[] { $"server {reason}" })));
        Assert.That(RecordedEvents.Plain<DecodedSignInRefused>(gateway.JournalDirectory).Select(record => record.Code), Is.EqualTo(new[] { "server-tls-failed" }));
    }

    [Test]
    public async Task A_client_that_does_not_like_the_certificate_is_recorded()
    {
        using var incidents = new TlsIncidentCount();
        await using var gateway = await GatewayHarness.StartAsync(_server, _database, GatewayHarness.ShowEverything);
        using var others = new TestCertificates();
        var asked = await Psql.RunAsync(gateway.Endpoint with { AuthorityPath = others.AuthorityPath }, "select 1");
        Assert.That(asked.Errors, Does.Contain("certificate verify failed"));
        await Eventually.IsTrueAsync(() => Task.FromResult(RecordedEvents.Plain<DecodedSignInRefused>(gateway.JournalDirectory).Any(record => record.Code == "tls-failed")), "it is recorded");
        Assert.That(incidents.Seen.Single(), Does.StartWith("client "));
    }

    private async Task<string> RowsAsync() => (await _server.PsqlAsync(_database, "select n from t", null, "-At")).Output.Trim();

    private async Task<Scene> SceneAsync(bool clientLeg, RecordFault fault, bool towardsServer)
    {
        var relay = clientLeg ? null : new TamperingRelay(_server.Port, fault, towardsServer);
        var gateway = await GatewayHarness.StartAsync(
            _server, _database, GatewayHarness.ShowEverything, faults: relay is null ? null : new HarnessFaults { SessionPort = relay.Port });
        relay ??= new TamperingRelay(gateway.Endpoint.Port, fault, towardsServer);
        var client = await WireClient.OpenAsync(clientLeg ? gateway.Endpoint with { Port = relay.Port } : gateway.Endpoint);
        return new Scene(gateway, relay, client);
    }

    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (IOException)
        {
            // The connection is over already.
        }
    }

    /// <summary>What arrives whole, and whether the last of it did not.</summary>
    private static async Task<(IReadOnlyList<WireFrame> Frames, bool IsCut)> ReceiveToEndAsync(WireClient client)
    {
        var frames = new List<WireFrame>();
        try
        {
            while (await client.ReceiveAsync() is { } frame)
                frames.Add(frame);
        }
        catch (Exception broken) when (broken is IOException or System.Security.Authentication.AuthenticationException or InvalidDataException)
        {
            return (frames, broken is EndOfStreamException);
        }
        return (frames, false);
    }

    private sealed record Scene(GatewayHarness Gateway, TamperingRelay Relay, WireClient Client) : IAsyncDisposable
    {
        /// <summary>How the session ended, by the record.</summary>
        public async Task<string> EndAsync()
        {
            await Eventually.IsTrueAsync(() => Task.FromResult(RecordedEvents.Plain<DecodedSessionClosed>(Gateway.JournalDirectory).Count == 1), "the session's end is recorded");
            return RecordedEvents.Plain<DecodedSessionClosed>(Gateway.JournalDirectory).Single().Reason.Split(':')[0];
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Relay.DisposeAsync();
            await Gateway.DisposeAsync();
        }
    }
}
