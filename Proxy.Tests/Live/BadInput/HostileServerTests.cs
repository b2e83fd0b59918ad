using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>Servers that do what a healthy one never does. The catalogue comes from a real one; sessions meet the script.</summary>
public sealed class HostileServerTests
{
    private const string Secret = "a-secret-that-nobody-may-see";
    private static readonly byte[] Description = PostgresReplies.RowDescription(("note", 0, 0, 25, 0));

    /// <summary>What the server does instead of letting us in.</summary>
    private static IEnumerable<TestCaseData> Logins()
    {
        yield return Login("Offers_no_tls", async session =>
        {
            await session.ReadUntypedAsync();
            await session.SendAsync("N"u8.ToArray());
            await session.StallAsync();
        });
        yield return Login("Answers_SSLRequest_with_garbage", async session =>
        {
            await session.ReadUntypedAsync();
            await session.SendAsync("HTTP/1.1 400"u8.ToArray());
            await session.StallAsync();
        });
        yield return Login("Sends_bytes_before_the_handshake", async session =>
        {
            await session.ReadUntypedAsync();
            await session.SendAsync((byte[])[(byte)'S', .. PostgresReplies.AuthenticationOk()]);
            await session.StallAsync();
        });
        yield return Login("Shows_a_certificate_of_another_name", session => session.ReadStartupAsync(TestCertificates.Shared.Issue("elsewhere.test")));
        yield return Login("Shows_an_expired_certificate", session =>
            session.ReadStartupAsync(TestCertificates.Shared.Issue("localhost", DateTimeOffset.UtcNow.AddHours(-1))));
        yield return Login("Never_answers", session => session.StallAsync());
        yield return Login("Never_answers_the_startup", Saying([], stalls: true));
        yield return Login("Closes_at_once", session => Task.CompletedTask);
        yield return Login("Resets", session =>
        {
            session.Reset();
            return Task.CompletedTask;
        });
        yield return Login("Closes_after_the_startup", Saying([]));
        yield return Login("Refuses_the_login", Saying(PostgresReplies.Error("28P01", $"password authentication failed, {Secret}", "FATAL")));
        yield return Login("Asks_for_gss", Saying(new FrameBuilder('R').AddInt32(7).ToBytes(), stalls: true));
        yield return Login("Asks_for_a_mechanism_that_does_not_exist", Saying(new FrameBuilder('R').AddInt32(10).AddText("SCRAM-SHA-1").AddByte(0).ToBytes(), stalls: true));
        yield return Login("Continues_a_sasl_exchange_that_never_began", Saying(new FrameBuilder('R').AddInt32(11).AddBytes("r=x"u8).ToBytes(), stalls: true));
        yield return Login("Begins_with_rows", Saying(PostgresReplies.TextRow(Secret), stalls: true));
        yield return Login("Sends_an_impossible_length", Saying([(byte)'R', 0xff, 0xff, 0xff, 0xff], stalls: true));
        yield return Login("Sends_rows_after_letting_in", Saying([.. PostgresReplies.AuthenticationOk(), .. PostgresReplies.TextRow(Secret)], stalls: true));
        yield return Login("Never_gets_ready", Saying(PostgresReplies.AuthenticationOk(), stalls: true));
        yield return Login("Reports_parameters_without_end", async session =>
        {
            await session.ReadStartupAsync();
            await session.SendAsync(PostgresReplies.AuthenticationOk());
            while (true)
                await session.SendAsync(PostgresReplies.ParameterStatus("TimeZone", new string('x', 10_000)));
        });
    }

    [TestCaseSource(nameof(Logins))]
    public async Task A_client_is_told_that_the_server_is_unavailable(Func<ScriptedSession, Task> script)
    {
        await using var server = new ScriptedServer(script);
        await using var gateway = await StartAsync(server);
        await using var client = await WireClient.ConnectAsync("localhost", gateway.Endpoint.Port);
        await client.SendAsync(PostgresRequests.Startup("agent", "postgres"), PostgresRequests.Password(GatewayHarness.Token));
        var before = await Answer.EndsWithFatalAsync(client, "08006", IsOfTls(TestContext.CurrentContext.Test.Name) ? "server-tls-failed" : "server-unavailable");
        Assert.That(string.Concat(before.Select(frame => frame.Type)), Is.EqualTo("R"));
        Assert.That(server.Connections, Is.GreaterThan(0));
    }

    private static bool IsOfTls(string name) => name is "Offers_no_tls" or "Sends_bytes_before_the_handshake" or "Shows_a_certificate_of_another_name"
        or "Shows_an_expired_certificate";

    /// <summary>What the server answers to a query, and what of it the client may see.</summary>
    private static IEnumerable<TestCaseData> Answers()
    {
        var row = PostgresReplies.TextRow(Secret);
        yield return Reply("Half_a_row", [.. Description, .. row.AsSpan(0, row.Length / 2)], "T");
        yield return Reply("A_row_and_a_half", [.. Description, .. row, .. row.AsSpan(0, 9)], "TD");
        yield return Reply("Half_a_header", [.. Description, (byte)'D', 0], "T");
        yield return Reply("Garbage", [.. Description, .. "HTTP/1.1 500 Internal Server Error\r\n"u8], "T");
        yield return Reply("A_message_that_no_server_sends", [.. Description, .. new FrameBuilder('?').AddText(Secret).ToBytes()], "T");
        yield return Reply("An_impossible_length", [.. Description, (byte)'D', 0, 0, 0, 3], "T");
        yield return Reply("A_row_with_more_columns_than_described", [.. Description, .. PostgresReplies.TextRow(Secret, Secret)], "T");
        yield return Reply("A_value_longer_than_its_row", [.. Description, .. new FrameBuilder('D').AddInt16(1).AddInt32(1000).AddBytes(Encoding.ASCII.GetBytes(Secret)).ToBytes()], "T");
        yield return Reply("Rows_nobody_asked_for", [.. Description, .. PostgresReplies.CommandComplete("SELECT 0"), .. PostgresReplies.ReadyForQuery(), .. row], "TCZ");
    }

    [TestCaseSource(nameof(Answers))]
    public async Task A_client_gets_whole_messages_and_nothing_unmasked(byte[] reply, string shown)
    {
        await using var server = new ScriptedServer(async session =>
        {
            await session.AcceptStartupAsync();
            await session.ReceiveUntilAsync('Q');
            await session.SendAsync(reply);
        });
        await using var gateway = await StartAsync(server);
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await client.SendAsync(PostgresRequests.Query("select pg_get_functiondef(1) as note"));
        if (await client.ReceiveAsync() is { Type: WireFrame.ErrorResponse } refused) Assert.Fail(refused.ToString());
        var rest = await Answer.EndsWithFatalAsync(client, "08006", "server-unavailable");
        Assert.That("T" + string.Concat(rest.Select(frame => frame.Type)), Is.EqualTo(shown));
        Assert.That(string.Concat(rest.Select(frame => frame.ToString())), Does.Not.Contain("secret"));
    }

    [Test]
    public async Task A_row_over_the_limit_that_breaks_off_shows_nothing_of_itself()
    {
        var row = PostgresReplies.TextRow(string.Concat(Enumerable.Repeat(Secret, 1000)));
        await using var server = new ScriptedServer(async session =>
        {
            await session.AcceptStartupAsync();
            await session.ReceiveUntilAsync('Q');
            await session.SendAsync(Description, row.AsMemory(0, row.Length / 2));
        });
        await using var gateway = await StartAsync(server, new Limits { RowBytesMax = 1000, StartupTimeout = TimeSpan.FromSeconds(2) });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await client.SendAsync(PostgresRequests.Query("select pg_get_functiondef(1) as note"));
        Assert.That((await client.ReceiveAsync())?.Type, Is.EqualTo('T'));
        // The header is out and the rest never comes: nothing more can be said.
        Assert.That(async () => await client.ReceiveAsync(), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task One_that_never_answers_holds_up_nobody_else()
    {
        await using var server = new ScriptedServer(async session =>
        {
            await session.AcceptStartupAsync();
            var query = (await session.ReceiveUntilAsync('Q'))[^1];
            if (Encoding.UTF8.GetString(query.Body).Contains("43", StringComparison.Ordinal))
                await session.SendAsync(Description, PostgresReplies.TextRow("43"), PostgresReplies.CommandComplete("SELECT 1"), PostgresReplies.ReadyForQuery());
            await session.StallAsync();
        });
        await using var gateway = await StartAsync(server);
        await using var waiting = await WireClient.OpenAsync(gateway.Endpoint);
        await waiting.SendAsync(PostgresRequests.Query("select 1"));
        await Answer.NextIsServedAsync(gateway);
        await waiting.SendAsync(PostgresRequests.Terminate());
        while (gateway.Sessions.Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10));
    }

    private static async Task<GatewayHarness> StartAsync(ScriptedServer server, Limits? limits = null) => await GatewayHarness.StartAsync(
        await StatementLogServer.Instance, "postgres", GatewayHarness.Masked(MaskProfile.Redacted),
        limits: limits ?? new Limits { StartupTimeout = TimeSpan.FromSeconds(2) }, faults: new HarnessFaults { SessionPort = server.Port });

    private static TestCaseData Login(string name, Func<ScriptedSession, Task> script) => new(script) { TestName = name };

    private static TestCaseData Reply(string name, byte[] reply, string shown) => new(reply, shown) { TestName = name };

    private static Func<ScriptedSession, Task> Saying(byte[] answer, bool stalls = false) => async session =>
    {
        await session.ReadStartupAsync();
        await session.SendAsync(answer);
        if (stalls) await session.StallAsync();
    };
}
