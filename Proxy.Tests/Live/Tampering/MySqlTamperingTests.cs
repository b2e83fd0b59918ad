using System.Security.Authentication;
using System.Text;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Tampering;

/// <summary>The same for MySQL: who changes, drops, repeats or cuts TLS records on either leg gets nothing run by half or twice, and nothing shown whole that is not.</summary>
[NonParallelizable]
public sealed class MySqlTamperingTests
{
    private MariaDbServer _server = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("tampered");
        await _server.ExecuteAsync(_database, "create table t (n int)");
        await _server.ExecuteAsync(_database, "create table filler (n int primary key, filler varchar(200)) select seq as n, repeat('x', 200) as filler from seq_1_to_1000");
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
        await TryAsync(() => scene.Client.SendAsync(Q("insert into t values (1)")));
        await Eventually.IsTrueAsync(() => Task.FromResult(scene.Relay.HasActed), "the record has passed");
        await TryAsync(() => scene.Client.SendAsync(Q("insert into t values (2)")));
        var answers = await ReceiveToEndAsync(scene.Client);

        var end = await scene.EndAsync();
        // What is repeated behind a whole record may find that record's statement run already, once.
        Assert.That(answers.Count(packet => packet.IsOk), Is.LessThanOrEqualTo(fault is RecordFault.Replay ? 1 : 0));
        Assert.That(await RowsAsync(), fault is RecordFault.Replay ? Is.AnyOf("", "1") : Is.Empty);
        if (!clientLeg)
            Assert.That(end, Is.AnyOf("ServerTlsBroken", "ServerClosed"), "the server noticed, and closed");
        else
            Assert.That(end, Is.EqualTo(fault is RecordFault.CutBefore or RecordFault.CutWithin ? "ClientDisconnected" : "ClientTlsBroken"));
        if (end is "ClientTlsBroken")
            Assert.That(incidents.Seen, Does.Contain("client broken"));
    }

    /// <summary>Rows are on their way to the client when a record of them is tampered with.</summary>
    [Test]
    public async Task An_answer_that_is_tampered_with_has_no_end([Values] bool clientLeg, [Values] RecordFault fault)
    {
        using var incidents = new TlsIncidentCount();
        await using var scene = await SceneAsync(clientLeg, fault, towardsServer: false);
        await scene.Client.QueryAsync("select 1");

        scene.Relay.Arm();
        await scene.Client.SendAsync(Q("select n, filler from filler order by n"));
        await TryAsync(() => scene.Client.SendAsync(Q("select 2")));
        var answers = await ReceiveToEndAsync(scene.Client);
        if (clientLeg)
            await scene.Client.DisposeAsync(); // It has noticed, and goes.
        var end = await scene.EndAsync();

        // An EOF stands behind the definitions; the one behind the rows must not come.
        Assert.That(answers.Count(packet => packet.Payload is [0xFE, ..] && packet.Payload.Length < 9), Is.LessThanOrEqualTo(1));
        Assert.That(answers.Where(packet => packet.Payload.Length > 200).Select(packet => packet.Payload.Length).Distinct().Count(), Is.LessThanOrEqualTo(4), "whole rows only: they differ by the digits of n");
        if (clientLeg)
        {
            Assert.That(end, Is.AnyOf("ClientDisconnected", "ClientTlsBroken"));
            return;
        }

        Assert.That(end, Is.EqualTo(fault is RecordFault.CutBefore or RecordFault.CutWithin ? "ServerClosed" : "ServerTlsBroken"));
        if (answers is [.., { IsError: true } last])
            Assert.That(last.Message, Does.StartWith("phigate code=server-unavailable "));
        if (end is "ServerTlsBroken")
            Assert.That(incidents.Seen, Does.Contain("server broken"));
    }

    [TestCase("no TLS offered", "not-offered")]
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
            byte[] injected = fault is "bytes before" ? MySqlWireClient.Packet(2, MySqlScript.Ok) : [];
            await session.SendAsync((byte[])[.. MySqlScript.Greeting(offersTls: fault is not "no TLS offered"), .. injected]);
            await session.ReadBytesAsync(MySqlScript.TlsRequestBytes);
            switch (fault)
            {
                case "TLS 1.1":
                    await session.ReadBytesAsync(5); // Of the ClientHello: the handshake has begun.
                    // A ServerHello of 1.1, as far as a client reads it.
                    await session.SendAsync((byte[])[0x16, 3, 2, 0, 0x2A, 2, 0, 0, 0x26, 3, 2, .. new byte[32], 0, 0, 0x2F, 0]);
                    await session.StallAsync();
                    break;
                case "certificate of another name":
                    await session.UpgradeAsync(TestCertificates.Shared.Issue("elsewhere.test"));
                    break;
                case "expired certificate":
                    await session.UpgradeAsync(TestCertificates.Shared.Issue("localhost", DateTimeOffset.UtcNow.AddHours(-1)));
                    break;
            }

            await session.ReadBytesAsync(1);
            Interlocked.Increment(ref logins);
        });
        await using var gateway = await MySqlGatewayHarness.StartAsync(impostor.Port, _database, new LenientFrontEnd(), new LenientJudge(masks: false));
        await using var client = await MySqlWireClient.ConnectAsync("127.0.0.1", gateway.Endpoint.Port);
        await client.LogInAsync(gateway.Endpoint);

        Assert.That(client.LoginReply.Message, Does.StartWith("phigate code=server-tls-failed "));
        Assert.That((logins, incidents.Seen.ToArray()), Is.EqualTo((0, new[] { $"server {reason}" })));
        Assert.That(RecordedEvents.Plain<DecodedSignInRefused>(gateway.JournalDirectory).Select(record => record.Code), Is.EqualTo(new[] { "server-tls-failed" }));
    }

    [Test]
    public async Task A_client_that_does_not_like_the_certificate_is_recorded()
    {
        using var incidents = new TlsIncidentCount();
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
        using var others = new TestCertificates();
        var asked = await MariaDbClient.RunAsync(gateway.Endpoint with { AuthorityPath = others.AuthorityPath }, "select 1");
        Assert.That(asked.Errors, Does.StartWith("ERROR 2026 "));
        await Eventually.IsTrueAsync(
            () => Task.FromResult(RecordedEvents.Plain<DecodedSignInRefused>(gateway.JournalDirectory).Any(record => record.Code == "tls-failed")), "it is recorded");
        Assert.That(incidents.Seen.Single(), Does.StartWith("client "));
    }

    private static byte[] Q(string sql) => MySqlWireClient.Packet(0, [3, .. Encoding.UTF8.GetBytes(sql)]);

    private async Task<string> RowsAsync()
    {
        await using var connection = await _server.OpenAsync(_database);
        await using var command = new MySqlCommand("select coalesce(group_concat(n), '') from t", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private async Task<Scene> SceneAsync(bool clientLeg, RecordFault fault, bool towardsServer)
    {
        var relay = clientLeg ? null : new TamperingRelay(_server.Port, fault, towardsServer, isMySql: true);
        var gateway = await MySqlGatewayHarness.StartAsync(relay?.Port ?? _server.Port, _database, new LenientFrontEnd(), new LenientJudge(masks: false));
        relay ??= new TamperingRelay(gateway.Endpoint.Port, fault, towardsServer, isMySql: true);
        var client = await MySqlWireClient.OpenAsync(clientLeg ? gateway.Endpoint with { Port = relay.Port } : gateway.Endpoint);
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

    private static async Task<IReadOnlyList<MySqlPacket>> ReceiveToEndAsync(MySqlWireClient client)
    {
        var packets = new List<MySqlPacket>();
        try
        {
            while (await client.ReceiveAsync() is { } packet)
                packets.Add(packet);
        }
        catch (Exception broken) when (broken is IOException or AuthenticationException)
        {
            // What arrives by half is no packet.
        }

        return packets;
    }

    private sealed record Scene(MySqlGatewayHarness Gateway, TamperingRelay Relay, MySqlWireClient Client) : IAsyncDisposable
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
