using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>Clients that do not get as far as a session.</summary>
public sealed class HostileStartupTests
{
    private static readonly TimeSpan StartupTimeout = TimeSpan.FromSeconds(2);
    private GatewayHarness _gateway = null!;

    [SetUp]
    public async Task Start()
    {
        var server = await StatementLogServer.Instance;
        _gateway = await GatewayHarness.StartAsync(
            server, "postgres", GatewayHarness.ShowEverything, limits: new Limits { StartupTimeout = StartupTimeout });
    }

    [TearDown]
    public async Task End()
    {
        await Answer.NextIsServedAsync(_gateway);
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task Plaintext_is_refused_before_a_secret_is_asked_for()
    {
        await using var client = await ConnectAsync(WireTls.None);
        await client.SendAsync(PostgresRequests.Startup("agent", "postgres"));
        Assert.That(await Answer.EndsWithFatalAsync(client, "28000", "tls-required"), Is.Empty);
    }

    [Test]
    public async Task A_wrong_token_is_refused()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(PostgresRequests.Startup("agent", "postgres"), PostgresRequests.Password("wrong"));
        var before = await Answer.EndsWithFatalAsync(client, "28P01", "sign-in-failed");
        Assert.That(string.Concat(before.Select(frame => frame.Type)), Is.EqualTo("R"));
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(7)]
    [TestCase(-1)]
    [TestCase(10_001)]
    [TestCase(int.MaxValue)]
    public async Task A_startup_packet_of_an_impossible_length_is_refused(int length)
    {
        await using var client = await ConnectAsync();
        var packet = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(packet, length);
        await client.SendAsync(packet);
        await Answer.EndsWithFatalAsync(client, "08P01", "protocol-violation");
    }

    [TestCase("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [TestCase("\0\0\0\u0008\u0007\u0007\u0007\u0007")]
    public async Task What_is_no_startup_packet_is_refused(string sent)
    {
        await using var client = await ConnectAsync(WireTls.None);
        await client.SendAsync(Encoding.Latin1.GetBytes(sent));
        await Answer.EndsWithFatalAsync(client, "08P01", "protocol-violation");
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(40_000)]
    public async Task A_password_message_of_an_impossible_length_is_refused(int length)
    {
        await using var client = await ConnectAsync();
        var header = new byte[5];
        header[0] = (byte)'p';
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), length);
        await client.SendAsync(PostgresRequests.Startup("agent", "postgres"), header);
        await Answer.EndsWithFatalAsync(client, "08P01", "protocol-violation");
    }

    [Test]
    public async Task A_statement_in_place_of_the_token_is_refused_and_not_forwarded()
    {
        await using (var client = await ConnectAsync())
        {
            await client.SendAsync(PostgresRequests.Startup("agent", "postgres"), PostgresRequests.Query("select 'before sign-in'"));
            await Answer.EndsWithFatalAsync(client, "08P01", "protocol-violation");
        }

        Assert.That(await StatementLogServer.ReadAsync(), Does.Not.Contain("before sign-in"));
    }

    [Test]
    public async Task Bytes_before_the_handshake_end_the_connection_and_are_recorded()
    {
        await using (var client = await ConnectAsync(WireTls.None))
        {
            await client.SendAsync((byte[])[.. PostgresRequests.SslRequest(), .. PostgresRequests.Startup("agent", "postgres")]);
            Assert.That(await client.ReceiveByteAsync(), Is.EqualTo('S'));
            Assert.That(await EndsAsync(client), "the connection goes on");
        }

        Assert.That(await RefusalsAsync(), Does.Contain("tls-failed"));
    }

    [Test]
    public async Task A_handshake_that_is_none_ends_the_connection_and_is_recorded()
    {
        await using (var client = await ConnectAsync(WireTls.None))
        {
            await client.SendAsync(PostgresRequests.SslRequest());
            Assert.That(await client.ReceiveByteAsync(), Is.EqualTo('S'));
            await client.SendAsync(PostgresRequests.Startup("agent", "postgres"));
            Assert.That(await EndsAsync(client), "the connection goes on");
        }

        Assert.That(await RefusalsAsync(), Does.Contain("tls-failed"));
    }

    [Test]
    public async Task One_that_never_finishes_its_startup_is_ended_and_nobody_waits_for_it()
    {
        await using var slow = await ConnectAsync();
        await slow.SendAsync(PostgresRequests.Startup("agent", "postgres").AsMemory(0, 6));
        await Answer.NextIsServedAsync(_gateway);
        await Answer.EndsWithFatalAsync(slow, "57P05", "deadline-passed");
    }

    [Test]
    public async Task One_that_never_sends_its_token_is_ended()
    {
        await using var slow = await ConnectAsync();
        await slow.SendAsync(PostgresRequests.Startup("agent", "postgres"));
        await Answer.EndsWithFatalAsync(slow, "57P05", "deadline-passed");
    }

    [Test]
    public async Task One_that_says_nothing_at_all_is_ended()
    {
        await using var silent = await ConnectAsync(WireTls.None);
        Assert.That(await EndsAsync(silent), "the connection goes on");
    }

    private Task<WireClient> ConnectAsync(WireTls tls = WireTls.Requested) => WireClient.ConnectAsync("localhost", _gateway.Endpoint.Port, tls);

    /// <summary>Whether the other side closes; whatever it still says cannot be read without TLS.</summary>
    private static async Task<bool> EndsAsync(WireClient client)
    {
        try
        {
            await client.ReceiveToEndAsync();
            return true;
        }
        catch (Exception reason) when (reason is IOException or SocketException)
        {
            return true; // A reset, because there were bytes that nobody read.
        }
    }

    private async Task<IReadOnlyList<string>> RefusalsAsync()
    {
        await Task.Yield();
        var codes = new List<string>();
        using var reader = new JournalReader(_gateway.JournalDirectory);
        while (reader.Read() is var step and not JournalReadResult.End)
            if (step is JournalReadResult.Record && RecordDecoder.Decode(reader.Entry) is DecodedSignInRefused refused)
                codes.Add(refused.Code);
        return codes;
    }
}
